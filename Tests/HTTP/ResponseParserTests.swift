import Testing

@testable import HTTP

@Suite struct ResponseParserTests {
  private func read(
    _ pieces: [ArraySlice<UInt8>], _ methods: [Method], ends: Bool, _ limits: ParserLimits = ParserLimits()
  ) -> [String] {
    var parser = ResponseParser(limits)
    for method in methods { parser.expect(method) }
    var result: [String] = []
    func note(_ event: ResponseParser.Event) -> Bool {
      switch event {
      case .needsMore: return false
      case .failure(let failure):
        result.append("failure \(failure.status)")
        return false
      case .response(let response):
        let text = String(decoding: response.body, as: UTF8.self)
        result.append("\(response.status) \(text) \(response.isKeepAlive ? "keep" : "close")")
        return true
      }
    }
    for piece in pieces {
      piece.withUnsafeBytes { parser.append($0) }
      while note(parser.next()) {}
      if result.last?.hasPrefix("failure") == true { return result }
    }
    if ends { _ = note(parser.finish()) }
    return result
  }

  private func read(_ text: String, _ methods: [Method] = [.get], ends: Bool = false) -> [String] {
    let bytes = Array(text.utf8)
    let whole = read([bytes[...]], methods, ends: ends)
    for split in 1..<bytes.count {
      #expect(read([bytes[..<split], bytes[split...]], methods, ends: ends) == whole, "split at \(split)")
    }
    #expect(read(bytes.indices.map { bytes[$0...$0] }, methods, ends: ends) == whole)
    return whole
  }

  @Test(arguments: [
    ("RFC 9112, 6.3: a length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 abc keep"),
    ("RFC 9112, 4: no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200  keep"),
    ("RFC 9112, 4: not even its space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200  keep"),
    ("RFC 9112, 4: obs-text in the reason", "HTTP/1.1 200 é\r\nContent-Length: 0\r\n\r\n", "200  keep"),
    (
      "RFC 9112, 7.1: chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n",
      "200 abc keep"
    ),
    (
      "RFC 9110, 15.2: interim responses",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
      "200 a keep"
    ),
    ("RFC 9110, 15.3.5: 204", "HTTP/1.1 204 No Content\r\n\r\n", "204  keep"),
    ("RFC 9110, 15.4.5: 304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304  keep"),
    ("RFC 9112, 9.6: close", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", "200  close"),
    ("RFC 9112, 9.3: HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200  close"),
    (
      "RFC 9112, 9.3: HTTP/1.0 that goes on", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
      "200  keep"
    ),
    ("RFC 9112, 4: no digits", "HTTP/1.1 2x0 OK\r\n\r\n", "failure 400"),
    ("RFC 9112, 4: four digits", "HTTP/1.1 2000 OK\r\n\r\n", "failure 400"),
    ("RFC 9110, 15: 600", "HTTP/1.1 600 OK\r\n\r\n", "failure 400"),
    ("RFC 9112, 2.3: HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "failure 400"),
    ("RFC 9112, 4: another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "failure 400"),
    ("RFC 9110, 15.2.2: an upgrade", "HTTP/1.1 101 Switching\r\n\r\n", "failure 400"),
    ("RFC 9110, 15.2: endless interim responses", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5), "failure 400"),
    ("RFC 9112, 6.1: both framings", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "failure 400"),
    ("RFC 9112, 6.1: gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "failure 400"),
    ("RFC 9112, 6.3: two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", "failure 400"),
    ("RFC 9110, 8.6: a signed length", "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\n", "failure 400"),
    ("RFC 9110, 8.6: a huge length", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551619\r\n\r\n", "failure 413"),
    ("RFC 9112, 2.2: bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "failure 400"),
    ("RFC 9112, 5.2: a folded field", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "failure 400"),
    ("RFC 9112, 7.1: a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "failure 400"),
  ])
  func `a response is framed by its rule`(_ rule: String, _ wire: String, _ expected: String) {
    #expect(read(wire) == [expected], "\(rule)")
  }

  @Test func `a response without a length ends with the connection (RFC 9112, 6_3)`() {
    #expect(read("HTTP/1.1 200 OK\r\n\r\nabc", ends: true) == ["200 abc close"])
    #expect(read("HTTP/1.1 200 OK\r\n\r\nabc") == [])
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "HTTP/1.1 200 OK\r\nCont", "HTTP/1.1 100 Continue\r\n\r\n",
  ])
  func `a connection that ends within a response is a failure (RFC 9112, 8)`(_ wire: String) {
    #expect(read(wire, ends: true) == ["failure 400"])
  }

  @Test func `responses come in the order of their requests, HEAD's without content`() {
    let wire = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
    #expect(read(wire, [.head, .post]) == ["200  keep", "201 ok keep"])
  }

  @Test func `bytes that answer no request are refused (RFC 9112, 9_2)`() {
    let response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    #expect(read(response + response) == ["200  keep", "failure 400"])
  }

  @Test func `content is bounded however it is framed`() {
    var limits = ParserLimits()
    limits.body = 4
    for head in [
      "Content-Length: 5\r\n\r\nabcde", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "\r\nabcde",
    ] {
      #expect(read([Array("HTTP/1.1 200 OK\r\n\(head)".utf8)[...]], [.get], ends: true, limits) == ["failure 413"])
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func `mutated responses never crash`(_ seed: UInt64) {
    var random = Seeded(state: seed)
    let wire = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n".utf8)
    for _ in 0..<1_000 {
      var bytes = wire
      for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      let split = Int.random(in: 1..<bytes.count, using: &random)
      #expect(read([bytes[...]], [.get], ends: true) == read([bytes[..<split], bytes[split...]], [.get], ends: true))
    }
  }
}
