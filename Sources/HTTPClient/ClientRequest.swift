import HTTP

/// A request to another service.
package struct ClientRequest: Sendable {
  package var method: HTTP.Method
  /// Origin form: the path with its query, percent-encoded.
  package var path: String
  /// Host, Content-Length and Content-Type are written by the client.
  package var headers: HeaderFields
  package var contentType: StaticString?
  package var body: [UInt8]
  /// Whether sending it twice is harmless, by its method or by a key that it carries.
  package var isIdempotent: Bool
  /// The path without what differs from one request to the next, by which a trace names it.
  package var pattern: StaticString?

  package init(
    _ method: HTTP.Method, _ path: String, pattern: StaticString? = nil, headers: HeaderFields = HeaderFields(),
    contentType: StaticString? = nil, body: [UInt8] = [], isIdempotent: Bool? = nil
  ) {
    self.method = method
    self.path = path
    self.pattern = pattern
    self.headers = headers
    self.contentType = contentType
    self.body = body
    self.isIdempotent = isIdempotent ?? (method.isSafe || method == .put || method == .delete)
  }

  /// The bytes on the wire (RFC 9112, section 3).
  func encoded(for origin: Origin) throws(ClientError) -> [UInt8] {
    // A space or a control character would end the target, and begin what an attacker wrote.
    guard path.utf8.first == UInt8(ascii: "/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      throw .invalidRequest("the path is not in origin form")
    }
    var fields = HeaderFields()
    fields.append("Host", origin.authority)
    if let contentType { fields.append("Content-Type", contentType) }
    if !body.isEmpty || !method.isSafe { fields.append("Content-Length", String(body.count)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 + headers.encoded.count + body.count)
    bytes += "\(method.name) \(path) HTTP/1.1\r\n".utf8
    bytes += fields.encoded
    bytes += headers.encoded
    bytes += "\r\n".utf8
    bytes += body
    return bytes
  }
}
