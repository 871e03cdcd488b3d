import Testing

@testable import HTTP

@Suite struct ResponseEncoderTests {
  private static let date = Array("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".utf8)
  private static let stream = Response.Body.stream { _ in }

  private func encode(
    _ response: Response, _ method: Method? = .get, minorVersion: Int = 1, close: Bool = false
  ) -> (String, ResponseEncoder.Content) {
    var output = Array("before".utf8)
    let content = ResponseEncoder.append(
      response, to: &output, method: method, minorVersion: minorVersion, close: close, date: Self.date)
    return (String(decoding: output.dropFirst(6), as: UTF8.self), content)
  }

  @Test func `content is sent with its length`() {
    let (wire, content) = encode(Response(200, contentType: "application/json", Array("{}".utf8)))
    #expect(
      wire
        == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    #expect(content == .complete)
  }

  @Test func `HEAD gets the head that GET would get (RFC 9110, 9_3_2)`() {
    let response = Response(200, contentType: "text/plain", Array("hello, world".utf8))
    #expect(encode(response, .head).0 + "hello, world" == encode(response).0)
    #expect(encode(Response(200, body: Self.stream), .head).0 == encode(Response(200, body: Self.stream)).0)
    #expect(encode(Response(200, body: Self.stream), .head).1 == .complete)
  }

  @Test(arguments: [204, 304]) func `204 and 304 have neither content nor length (RFC 9110, 8_6)`(_ code: Int) {
    for body in [Response.Body.none, .bytes(Array("x".utf8)), Self.stream] {
      let (wire, content) = encode(Response(Status(code), body: body))
      #expect(wire.hasSuffix("GMT\r\n\r\n"), "\(wire)")
      #expect(content == .complete)
    }
  }

  @Test func `an answer without content has length zero`() {
    #expect(encode(Response(404)).0.hasSuffix("Content-Length: 0\r\n\r\n"))
  }

  @Test func `a closing connection says so (RFC 9112, 9_6)`() {
    #expect(encode(Response(200), close: true).0.contains("\r\nConnection: close\r\n"))
    #expect(!encode(Response(200)).0.contains("Connection"))
    #expect(encode(Response(200), minorVersion: 0).0.contains("\r\nConnection: keep-alive\r\n"))
    #expect(encode(Response(200), minorVersion: 0, close: true).0.contains("\r\nConnection: close\r\n"))
  }

  @Test func `a stream is chunked, or ends with an HTTP 1_0 connection (RFC 9112, 6_1)`() {
    let (chunked, content) = encode(Response(200, body: Self.stream))
    #expect(chunked.hasSuffix("Transfer-Encoding: chunked\r\n\r\n"))
    #expect(!chunked.contains("Content-Length"))
    #expect(content == .chunked)
    let (plain, end) = encode(Response(200, body: Self.stream), minorVersion: 0)
    #expect(plain.contains("Connection: close\r\n") && !plain.contains("Transfer-Encoding") && !plain.contains("Content-Length"))
    #expect(end == .untilClose)
  }

  @Test func `chunks are sizes in hex and data; an empty one would end the content`() {
    var output: [UInt8] = []
    ResponseEncoder.appendChunk([UInt8](repeating: 0x61, count: 26), to: &output)
    ResponseEncoder.appendChunk([], to: &output)
    output += ResponseEncoder.lastChunk
    #expect(String(decoding: output, as: UTF8.self) == "1a\r\n" + String(repeating: "a", count: 26) + "\r\n0\r\n\r\n")
  }

  @Test func `a value from outside cannot end its field`() {
    var fields = HeaderFields()
    fields.append("Location", "/a\r\nSet-Cookie: b\0\u{7F}\té" as String)
    #expect(String(decoding: fields.encoded, as: UTF8.self) == "Location: /a  Set-Cookie: b  \té\r\n")
    #expect(fields["location"] == "/a  Set-Cookie: b  \té")
  }

  @Test func `every status has a line of its own`() {
    #expect(encode(Response(409)).0.hasPrefix("HTTP/1.1 409 Conflict\r\n"))
    #expect(encode(Response(503)).0.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
    #expect(encode(Response(299)).0.hasPrefix("HTTP/1.1 299 "))
  }

  @Test func `what is encoded can be read back`() throws {
    for count in [0, 1, 9, 10, 99, 100, 12_345] {
      let body = [UInt8](repeating: 0x7A, count: count)
      var parser = ResponseParser()
      parser.expect(.get)
      Array(encode(Response(201, contentType: "text/plain", body)).0.utf8).withUnsafeBytes { parser.append($0) }
      guard case .response(let received) = parser.next() else {
        Issue.record("no response of \(count)")
        return
      }
      #expect(received.status == 201 && received.body == body && received.field("content-type") == "text/plain")
    }
  }
}
