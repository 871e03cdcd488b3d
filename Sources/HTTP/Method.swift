/// The request methods that are served (RFC 9110, section 9.3); others are answered 501.
package enum Method: UInt8, CaseIterable, Sendable {
  case get, head, post, put, patch, delete, options

  package var name: String { text.description }

  var text: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    }
  }

  /// Methods are case-sensitive.
  @inline(__always)
  init?(_ bytes: UnsafePointer<UInt8>, count: Int) {
    let candidate: Method
    switch (count, bytes[0]) {
    case (3, UInt8(ascii: "G")): candidate = .get
    case (4, UInt8(ascii: "P")): candidate = .post
    case (3, UInt8(ascii: "P")): candidate = .put
    case (5, UInt8(ascii: "P")): candidate = .patch
    case (6, UInt8(ascii: "D")): candidate = .delete
    case (4, UInt8(ascii: "H")): candidate = .head
    case (7, UInt8(ascii: "O")): candidate = .options
    default: return nil
    }
    let expected = candidate.text.utf8Start
    for index in 0..<count where bytes[index] != expected[index] { return nil }
    self = candidate
  }

  /// Whether a retry is harmless by definition (RFC 9110, section 9.2.2).
  package var isSafe: Bool { self == .get || self == .head || self == .options }
}
