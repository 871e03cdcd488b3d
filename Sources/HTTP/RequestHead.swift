/// The head of a request: one array of its bytes and the offsets of its parts; strings are made only when asked for.
package struct RequestHead: Sendable {
  let section: FieldSection
  package let method: Method
  /// Offsets of the path and of the query without its question mark; nil where there is none.
  let pathRange: Range<Int>
  let queryRange: Range<Int>?
  /// 0 or 1: HTTP/1.0 or HTTP/1.1.
  package let minorVersion: Int
  package let isKeepAlive: Bool
  package let expectsContinue: Bool
  package let framing: Framing
  /// `OPTIONS *`, which asks about the server as a whole.
  package let isAsteriskForm: Bool

  package enum Framing: Equatable, Sendable {
    case none
    case length(Int)
    case chunked
  }

  private static let root: [UInt8] = [UInt8(ascii: "/")]

  /// The path as sent, percent-encoding and all; an absolute URI without a path has `/` (RFC 9110, section 4.2.3).
  package var rawPath: ArraySlice<UInt8> { pathRange.isEmpty ? Self.root[...] : section.bytes[pathRange] }
  package var path: String { String(decoding: rawPath, as: UTF8.self) }
  package var rawQuery: ArraySlice<UInt8>? { queryRange.map { section.bytes[$0] } }

  /// The value of the first field of this name (lower case here), without the white space around it; bytes beyond ASCII are
  /// kept where they are UTF-8.
  package func field(_ name: StaticString) -> String? { section.string(name) }

  package func rawField(_ name: StaticString) -> ArraySlice<UInt8>? { section.first(name) }

  /// How many fields have this name: for those that may be sent only once.
  package func count(of name: StaticString) -> Int { section.all(name).count }

  /// The values of all fields of this name, joined as RFC 9110, section 5.3 says.
  package func combinedField(_ name: StaticString) -> String? { section.combined(name) }

  package var fieldNames: [String] { section.names }
}
