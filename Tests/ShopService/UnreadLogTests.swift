import TestSupport
import Testing

/// A process whose log nobody takes: a collector that hangs must not stop the shop.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct UnreadLogTests {
  private static let request = "GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n"

  /// Whether each of so many requests is answered as the first one was; their answers are of one length.
  private static func ask(_ port: UInt16, times: Int) throws -> Bool {
    let client = try RawClient(port: port)
    try client.send(request)
    let first = try client.response()
    let length = try responseLength(port)
    let batch = 100
    let requests = Array(String(repeating: request, count: batch).utf8)
    let start = Array("HTTP/1.1 200 OK\r\n".utf8)
    for _ in 0..<(times / batch) {
      try client.send(requests)
      let answers = try client.bytes(batch * length)
      for index in 0..<batch where !answers[(index * length)...].starts(with: start) { return false }
    }
    return first.status == 200
  }

  private static func responseLength(_ port: UInt16) throws -> Int {
    let client = try RawClient(port: port)
    try client.send(request)
    client.shutdownWrite()
    return client.rest().bytes.count
  }

  @Test func `requests are answered while nobody reads the log, and what is lost of it is counted`() async throws {
    let database = try TestDatabase()
    let port = try Loopback.freePort()
    let process = try ShopProcess(
      ["serve"], ShopProcess.settings(database, ["SHOP_PORT": "\(port)"]), readsOutput: false)
    let server = LoopbackShop(port: port)
    try await until("it is ready") { (try? await server.get("/health/ready").status) == 200 }
    var dropped = 0.0
    try await until("the buffer is full") {
      #expect(try await onThread { try Self.ask(port, times: 2_000) })
      dropped = try await server.scrape().sum("shop_log_dropped_lines_total")
      return dropped > 0
    }
    // Everything goes on, and what is dropped is counted one by one.
    #expect(try await Merchant(server).sell(stock: 1).hasPrefix("var_"))
    let before = try await server.scrape().sum("shop_log_dropped_lines_total")
    #expect(try await onThread { try Self.ask(port, times: 200) })
    try await until("each of their lines is counted") {
      try await server.scrape().sum("shop_log_dropped_lines_total") >= before + 200
    }
    // Nor does the end wait for a reader.
    #expect(try await process.terminate() == 0)
  }
}

private struct LoopbackShop: ServedShop {
  let port: UInt16
  let contract: Contract? = nil
}
