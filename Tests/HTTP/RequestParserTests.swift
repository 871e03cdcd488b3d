import Conformance
import Testing

@testable import HTTP

@Suite struct RequestParserTests {
  @Test(arguments: WireCase.all) func `each rule of the RFCs decides its case`(_ wire: WireCase) {
    #expect(told(outcomes([wire.bytes[...]])) == wire.told)
  }

  @Test(arguments: WireCase.all) func `every split gives the same result`(_ wire: WireCase) {
    let bytes = wire.bytes
    let whole = outcomes([bytes[...]])
    // What is long is filling but for its ends.
    for split in 1..<bytes.count where bytes.count < 1_000 || split < 100 || split > bytes.count - 20 {
      #expect(outcomes([bytes[..<split], bytes[split...]]) == whole, "split at \(split)")
    }
    #expect(outcomes(bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte")
  }

  @Test(arguments: WireCase.all.filter(\.isRefused)) func `nothing after bad bytes is executed`(_ wire: WireCase) {
    #expect(told(outcomes(wire.bytes, then: "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")) == wire.told)
  }

  @Test(arguments: WireCase.all.filter { !$0.closes && !$0.halfCloses })
  func `a pipelined request follows each accepted one`(_ wire: WireCase) {
    #expect(told(outcomes(wire.bytes, then: "GET /next HTTP/1.1\r\nHost: a\r\n\r\n")) == wire.told + ["GET /next"])
  }

  @Test func `each area of HTTP has its cases, each under a name of its own`() {
    #expect(WireCase.all.count >= 800)
    for area in WireCase.areas {
      #expect(area.cases.count >= 10, "\(area.name)")
      #expect(Set(area.cases.map(\.description)).count == area.cases.count, "\(area.name)")
    }
  }

  @Test func `pipelined requests come in their order with their content`() {
    let wire =
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + "GET /2?x HTTP/1.1\r\nHost: a\r\n\r\n"
      + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\nX: y\r\n\r\n"
      + "\r\nDELETE /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + "GET /5 HTTP/1.1\r\nHost: a\r\n\r\n"
    let expected: [Outcome] = [
      .request(method: .post, path: "/1", query: nil, body: Array("abc".utf8), keepAlive: true),
      .request(method: .get, path: "/2", query: "x", body: [], keepAlive: true),
      .request(method: .post, path: "/3", query: nil, body: Array("def".utf8), keepAlive: true),
      // Nothing after it is processed (RFC 9112, 9.6).
      .request(method: .delete, path: "/4", query: nil, body: [], keepAlive: false),
    ]
    let bytes = Array(wire.utf8)
    #expect(outcomes([bytes[...]]) == expected)
    for split in 1..<bytes.count { #expect(outcomes([bytes[..<split], bytes[split...]]) == expected, "split at \(split)") }
    #expect(outcomes(bytes.indices.map { bytes[$0...$0] }) == expected)
  }

  @Test func `content that looks like a request is content`() {
    let inner = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
    #expect(
      outcomes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)")
        == [.request(method: .post, path: "/", query: nil, body: Array(inner.utf8), keepAlive: true)])
  }

  @Test(arguments: [
    ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false), ("HTTP/1.1", "Close", false), ("HTTP/1.1", "x, CLOSE ", false),
    ("HTTP/1.1", "keep-alive", true), ("HTTP/1.1", "keep-alive, close", false), ("HTTP/1.1", "closed", true),
    ("HTTP/1.0", "", false), ("HTTP/1.0", "Keep-Alive", true), ("HTTP/1.0", "keep-alive, close", false),
    ("HTTP/1.9", "", true),
  ])
  func `the connection goes on as its options say`(_ version: String, _ options: String, _ goesOn: Bool) throws {
    let field = options.isEmpty ? "" : "Connection: \(options)\r\n"
    let parsed = try #require(request("GET / \(version)\r\nHost: a\r\n\(field)\r\n"))
    #expect(parsed.head.isKeepAlive == goesOn)
  }

  @Test func `options in several fields count together`() throws {
    let parsed = try #require(request("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nconnection: close\r\n\r\n"))
    #expect(!parsed.head.isKeepAlive)
  }

  @Test func `100-continue is for HTTP 1_1 requests with content`() throws {
    let expecting = "Host: a\r\nExpect: 100-continue\r\n"
    #expect(try #require(request("POST / HTTP/1.1\r\n\(expecting)Content-Length: 1\r\n\r\nx")).head.expectsContinue)
    #expect(try !#require(request("POST / HTTP/1.0\r\n\(expecting)Content-Length: 1\r\n\r\nx")).head.expectsContinue)
    #expect(try !#require(request("POST / HTTP/1.1\r\n\(expecting)\r\n")).head.expectsContinue)
  }

  @Test func `the head is known before the content, and a route may take more or less`() throws {
    for (limit, status) in [(2, 413), (3, 0)] {
      for content in ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"] {
        var parser = RequestParser()
        Array("POST /x HTTP/1.1\r\nHost: a\r\n\(content)".utf8).withUnsafeBytes { parser.append($0) }
        guard case .head(let head) = parser.next() else {
          Issue.record("no head")
          return
        }
        #expect(head.path == "/x")
        #expect(parser.isInBody)
        parser.bodyLimit = limit
        switch parser.next() {
        case .request(let request): #expect(status == 0 && request.body == Array("abc".utf8))
        case .failure(let failure): #expect(failure.status == status)
        case .needsMore, .head: Issue.record("neither request nor failure")
        }
      }
    }
  }

  @Test func `an oversized length is refused before its content comes`() {
    #expect(outcomes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n").last?.status == 413)
  }

  // MARK: Limits

  private func line(_ length: Int) -> String {
    "GET /" + String(repeating: "a", count: length - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n"
  }

  @Test func `a request line of 16 KiB is taken, a byte more is 414`() {
    #expect(outcomes(line(16_384)).last?.status == 0)
    #expect(outcomes(line(16_385)).last?.status == 414)
    // Long before its end comes, and whatever comes after the limit.
    #expect(outcomes("GET /" + String(repeating: "a", count: 16_380)).last?.status == 414)
    #expect(outcomes("GET /" + String(repeating: "a", count: 20_000) + "\0").last?.status == 414)
  }

  @Test func `field lines of 32 KiB are taken, a byte more is 431`() {
    let other = "Host: a\r\nX: ".utf8.count + 2
    let fits = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "b", count: 32_768 - other)
    #expect(outcomes(fits + "\r\n\r\n").last?.status == 0)
    #expect(outcomes(fits + "b\r\n\r\n").last?.status == 431)
    #expect(outcomes(fits + "bbb").last?.status == 431)
  }

  @Test func `a hundred fields are taken, one more is 431`() {
    let fields = String(repeating: "X: y\r\n", count: 99)
    #expect(outcomes("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").last?.status == 0)
    #expect(outcomes("GET / HTTP/1.1\r\nHost: a\r\n\(fields)X: y\r\n\r\n").last?.status == 431)
  }

  @Test func `extensions, leading zeros and trailers are bounded in total`() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    let long = String(repeating: "a", count: 8_192)
    #expect(outcomes(head + "1;\(long)\r\nx\r\n0\r\n\r\n").last?.status == 400)
    #expect(outcomes(head + String(repeating: "1;\(long.prefix(90))\r\nx\r\n", count: 100) + "0\r\n\r\n").last?.status == 400)
    #expect(outcomes(head + "0\r\nX: \(long)\r\n\r\n").last?.status == 400)
    #expect(outcomes(head + String(repeating: "0", count: 9_000) + "\r\n\r\n").last?.status == 400)
    #expect(outcomes(head + "1;\(long.prefix(8_000))\r\nx\r\n0\r\n\r\n").last?.status == 0)
  }

  @Test func `limits fail in the same way whatever the split`() {
    var limits = ParserLimits()
    limits.requestLine = 20
    limits.head = 30
    limits.fields = 3
    for wire in [
      "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaa\0 HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaa\n\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:a\r\na:\r\nb:\r\nc:\r\n\r\n", "GET /aaaaa HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
      let bytes = Array(wire.utf8)
      let whole = outcomes([bytes[...]], limits)
      for split in 1..<bytes.count { #expect(outcomes([bytes[..<split], bytes[split...]], limits) == whole) }
      #expect(outcomes(bytes.indices.map { bytes[$0...$0] }, limits) == whole)
    }
  }

  // MARK: What a head says

  @Test func `fields are found by name in any case, trimmed, joined in order`() throws {
    let parsed = try #require(
      request("GET /p%20q?a=b HTTP/1.1\r\nHOST: shop.example\r\nIf-None-Match: \"a\"\r\nif-none-match:  \"b\" \r\nX_Y: 1\r\n\r\n")
    )
    #expect(parsed.field("host") == "shop.example")
    #expect(parsed.field("if-none-match") == "\"a\"")
    #expect(parsed.head.combinedField("if-none-match") == "\"a\", \"b\"")
    #expect(parsed.head.count(of: "if-none-match") == 2)
    #expect(parsed.field("x_y") == "1")
    #expect(parsed.field("x-y") == nil)
    #expect(parsed.head.fieldNames == ["HOST", "If-None-Match", "if-none-match", "X_Y"])
    #expect(parsed.path == "/p%20q")
    #expect(parsed.head.rawQuery.map { Array($0) } == Array("a=b".utf8))
  }

  @Test(
    arguments: [
      ("http://a", "/", nil), ("http://a?b", "/", "b"), ("http://a/", "/", nil), ("HTTPS://a:1/b/c?d=/?", "/b/c", "d=/?"),
    ] as [(String, String, String?)])
  func `an absolute target has its path and query`(_ target: String, _ path: String, _ query: String?) throws {
    let parsed = try #require(request("GET \(target) HTTP/1.1\r\nHost: b\r\n\r\n"))
    #expect(parsed.path == path)
    #expect(parsed.head.rawQuery.map { String(decoding: $0, as: UTF8.self) } == query)
    #expect(!parsed.head.isAsteriskForm)
  }

  @Test(arguments: ["*", "http://a"]) func `OPTIONS may ask about the whole server`(_ target: String) throws {
    #expect(try #require(request("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n")).head.isAsteriskForm)
  }

  @Test func `the byte sets are those of the grammars`() {
    let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    let path = alphanumeric + "-._~!$&'()*+,;=:@/%"
    for (set, members) in [
      (ByteSet.token, alphanumeric + "!#$%&'*+-.^_`|~"), (.path, path), (.query, path + "?[]"),
      (.regName, alphanumeric + "-._~!$&'()*+,;=%"),
      (.entityTag, String(decoding: (0x21...0x7E).filter { $0 != 0x22 }.map { UInt8($0) }, as: UTF8.self)),
    ] {
      for byte in UInt8.min...UInt8.max { #expect(set.contains(byte) == members.utf8.contains(byte), "\(byte)") }
    }
  }

  @Test func `control characters are found at every place of a word`() {
    for length in 0..<40 {
      for place in 0..<max(length, 1) {
        for byte: UInt8 in [0, 0x0A, 0x0D, 0x1F, 0x7F] {
          var bytes = [UInt8](repeating: UInt8.random(in: 0x80...0xFF), count: length)
          for index in bytes.indices where index % 3 == 0 { bytes[index] = 0x09 }
          if place < length { bytes[place] = byte }
          let found = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { Bytes.firstControl($0, from: 0, to: length) } ?? 0
          }
          #expect(found == (place < length ? place : length))
        }
      }
    }
  }

  // MARK: Properties

  @Test(arguments: 0..<8 as Range<UInt64>) func `mutated requests never crash, and no split changes what they are`(_ seed: UInt64)
  {
    var random = Seeded(state: seed)
    let cases = WireCase.all.filter { $0.bytes.count < 1_000 }
    let spice = Array("\r\n\0: ,;=\"0123456789abcdefABCDEF\t /?%[]{}xX+-_".utf8) + [0x7F, 0x80, 0xFF]
    for _ in 0..<400 {
      guard let wire = cases.randomElement(using: &random), let other = cases.randomElement(using: &random) else {
        return
      }
      var bytes = wire.bytes + other.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
        case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
        }
      }
      let whole = outcomes([bytes[...]])
      var pieces: [ArraySlice<UInt8>] = []
      var index = 0
      while index < bytes.count {
        let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
        pieces.append(bytes[index..<end])
        index = end
      }
      #expect(outcomes(pieces) == whole, "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func `noise never crashes`(_ seed: UInt64) {
    var random = Seeded(state: seed &+ 1_000)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let result = outcomes([bytes[...]])
      #expect(result.allSatisfy { $0 == .incomplete || $0.status != 0 })
    }
  }
}
