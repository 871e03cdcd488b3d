import TestSupport
import Testing

/// Whatever the head of a request looks like and however its bytes arrive, it is answered, and the shop serves the next one.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct HeadPropertyTests {
  private static let head =
    "Host: shop.test\r\nAuthorization: Bearer \(TestServer.adminKey)\r\nAccept: application/json\r\nConnection: close\r\n"

  /// Requests whose answers are always the same.
  private static let requests = [
    "GET /v1/products?filter%5Bin_stock%5D=true&limit=1 HTTP/1.1\r\n\(head)If-None-Match: \"other\"\r\n\r\n",
    "GET /v1/products/missing HTTP/1.1\r\n\(head)\r\n",
    "POST /v1/carts HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"currency\":\"é\"}\r\n",
    "POST /v1/carts HTTP/1.1\r\n\(head)Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "5;x=\"y\"\r\n{\"cur\r\nA\r\nrency\":1}\n\r\n0\r\nTrailer: x\r\n\r\n",
  ]

  @Test func `a request that is cut in two anywhere gets the same answer`() async throws {
    try await CatalogueScene.with { server in
      let port = server.port
      for request in Self.requests {
        let bytes = Array(request.utf8)
        try await onThread {
          func answer(_ client: RawClient) throws -> String {
            let response = try client.response()
            return "\(response.status) \(TestServer.Reply(response).textWithoutRequest)"
          }
          let whole = try RawClient(port: port)
          try whole.send(bytes)
          let expected = try answer(whole)
          #expect(!expected.hasPrefix("5"), "\(expected)")
          for start in stride(from: 1, to: bytes.count, by: 64) {
            let places = Array(start..<min(start + 64, bytes.count))
            let clients = try places.map { place in
              let client = try RawClient(port: port)
              try client.send(Array(bytes[..<place]))
              return client
            }
            // One loop serves them all in the order of arrival: when this one is answered, it has read the first parts.
            let last = try RawClient(port: port)
            try last.send(bytes)
            #expect(try answer(last) == expected)
            for (place, client) in zip(places, clients) {
              try client.send(Array(bytes[place...]))
              let found = try answer(client)
              #expect(found == expected, "cut at \(place) of \(request)")
            }
          }
        }
      }
    }
  }

  @Test func `a request that arrives byte by byte gets the same answer`() async throws {
    try await CatalogueScene.with { server in
      let port = server.port
      for request in Self.requests {
        let slow = try await onThread {
          let client = try RawClient(port: port)
          for byte in request.utf8 { try client.send([byte]) }
          return TestServer.Reply(try client.response())
        }
        let whole = try await onThread {
          let client = try RawClient(port: port)
          try client.send(request)
          return TestServer.Reply(try client.response())
        }
        #expect(slow.status == whole.status)
        #expect(slow.textWithoutRequest == whole.textWithoutRequest)
      }
    }
  }

  @Test func `every head is answered, and not with a failure`() async throws {
    try await CatalogueScene.with { server in
      var random = SeededGenerator("heads")
      let port = server.port
      for number in 0..<600 {
        let bytes = Self.head(&random)
        let answer = try await onThread { () -> String in
          let client = try RawClient(port: port)
          try client.send(bytes)
          client.shutdownWrite()
          let (received, end) = client.rest()
          return "\(end) \(String(decoding: received, as: UTF8.self))"
        }
        let said =
          "seed \(SeededGenerator.seed), \(number): \(answer.prefix(300)) to \(String(decoding: bytes, as: UTF8.self).debugDescription)"
        let status = answer.firstMatch(of: #/^(inOrder|reset) HTTP/1\.1 (\d\d\d) /#).flatMap { Int($0.2) }
        #expect(status != nil, "\(said)")
        // 501 and 505 say that the request asks for something that there is not.
        if let status { #expect(status < 500 || status == 501 || status == 505, "\(said)") }
      }
      #expect(try await server.get("/v1/products").status == 200)
      #expect(try await server.get("/health/live").status == 200)
    }
  }

  /// A head with its end, of parts that are right, wrong and random.
  private static func head(_ random: inout SeededGenerator) -> [UInt8] {
    let method = random.one(of: [
      "GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "DELETE", "get", "BREW", "G\u{1}T", "", "PRI",
      String(repeating: "M", count: 200),
    ])
    let target = random.one(of: [
      "/v1/products", "/v1/products?limit=1", "/v1/products/item-1", "/health/live", "*", "/", "//", "/%", "/v1/products/%2e%2e",
      "http://shop.test/v1/products",
      "shop.test:80", "?", "/v1/../v1/products", "/v1/products#x", "/a b", "/" + String(repeating: "a", count: 9_000),
    ])
    let version = random.one(of: [
      "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 ", "", "FTP/1.1",
    ])
    var bytes = Array("\(method) \(target) \(version)\r\n".utf8)
    if !random.isHit(oneIn: 10) { bytes += Array("Host: shop.test\r\n".utf8) }
    let names = [
      "Accept", "X-Any", "Authorization", "Shop-Cart-Token", "If-None-Match", "If-Match", "Idempotency-Key", "Content-Type",
      "Cookie", "Host", "Connection",
      "X-Forwarded-For", "Traceparent", "Accept-Encoding", "Range", "", " ", "X Y", "X\u{7F}", "é", "Upgrade", "Content-Encoding",
      "TE",
    ]
    let values = [
      "", "x", "*", "\"a\"", "W/\"a\", \"b\"", "close", "keep-alive", "Bearer ", "Bearer x",
      "Bearer ct_" + String(repeating: "A", count: 43), "é", "\t", "a\tb", "\u{1}",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "bytes=0-1", "gzip;q=0", "h2c", "127.0.0.1", "shop.test, other",
      String(repeating: "v", count: 3_000), "a\rb",
    ]
    for _ in 0..<random.below(random.isHit(oneIn: 30) ? 300 : 6) {
      let value = random.isHit(oneIn: 5) ? random.bytes(upTo: 30).filter { $0 != 0x0A } : Array(random.one(of: values).utf8)
      bytes +=
        Array(random.one(of: names).utf8) + Array(random.isHit(oneIn: 20) ? "".utf8 : ":".utf8)
        + Array(random.isHit(oneIn: 5) ? "".utf8 : " ".utf8) + value
      bytes += Array(random.one(of: ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r\n ", "\r\r\n"]).utf8)
    }
    bytes += Array("Connection: close\r\n\r\n".utf8)
    return bytes
  }
}
