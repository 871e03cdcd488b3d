/// The request methods that are served (RFC 9110, section 9.3); others are answered 501.
package enum Method: UInt8, CaseIterable, Sendable {
  case get, head, post, put, patch, delete, options

  package var name: String {
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
  init?(_ bytes: UnsafeRawBufferPointer) {
    for method in Method.allCases where bytes.elementsEqual(method.name.utf8) {
      self = method
      return
    }
    return nil
  }

  /// Whether a retry is harmless by definition (RFC 9110, section 9.2.2).
  package var isSafe: Bool { self == .get || self == .head || self == .options }
}
