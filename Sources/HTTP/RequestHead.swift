/// The head of a request: one array of its bytes and the offsets of its parts; strings are made only when asked for.
package struct RequestHead: Sendable {
  struct Field {
    let name: Range<Int>
    let value: Range<Int>
  }

  let bytes: [UInt8]
  let fields: [Field]
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

  /// The path as sent, percent-encoding and all.
  package var rawPath: ArraySlice<UInt8> { bytes[pathRange] }
  package var path: String { String(decoding: rawPath, as: UTF8.self) }
  package var rawQuery: ArraySlice<UInt8>? { queryRange.map { bytes[$0] } }

  /// The value of the first field of this name (lower case here), without the white space around it; bytes beyond ASCII are
  /// kept where they are UTF-8.
  package func field(_ name: StaticString) -> String? {
    rawField(name).map { String(decoding: $0, as: UTF8.self) }
  }

  package func rawField(_ name: StaticString) -> ArraySlice<UInt8>? {
    let length = name.utf8CodeUnitCount
    return bytes.withUnsafeBufferPointer { bytes in
      fields.first { field in
        field.name.count == length
          && (0..<length).allSatisfy { Bytes.lowercased(bytes[field.name.lowerBound + $0]) == name.utf8Start[$0] }
      }
    }.map { self.bytes[$0.value] }
  }

  /// How many fields have this name: for those that may be sent only once.
  package func count(of name: StaticString) -> Int {
    name.withUTF8Buffer { name in fields.count { Bytes.equalIgnoringCase(bytes[$0.name], name) } }
  }

  /// The values of all fields of this name, joined as RFC 9110, section 5.3 says.
  package func combinedField(_ name: StaticString) -> String? {
    let values = name.withUTF8Buffer { name in
      fields.filter { Bytes.equalIgnoringCase(bytes[$0.name], name) }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
    }
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  package var fieldNames: [String] { fields.map { String(decoding: bytes[$0.name], as: UTF8.self) } }
}

/// A whole request.
package struct Request: Sendable {
  package let head: RequestHead
  package let body: [UInt8]
  /// The numeric address of the connection's other end; set by the server.
  package var peer = ""

  package var method: Method { head.method }
  package var path: String { head.path }
  package func field(_ name: StaticString) -> String? { head.field(name) }
}
