import Foundation
import TestSupport
import Testing

/// Clients that wear a process out, as its operators see them.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct HostileClientTests {
  private static func ask(_ client: RawClient, _ path: String) throws -> RawResponse {
    try client.send("GET \(path) HTTP/1.1\r\nHost: shop\r\n\r\n")
    return try client.response()
  }

  @Test func `a process out of descriptors goes on with the clients that it has, and takes new ones when there are some again`()
    async throws
  {
    let server = try await ShopServer.start(try TestDatabase(), ["SHOP_WORKER": "off"])
    let (port, pid) = (server.port, server.process.pid)
    let kept = try RawClient(port: port)
    #expect(try Self.ask(kept, "/v1/products").status == 200)
    let used = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    _ = try ChildProcess.run("/usr/bin/prlimit", ["--pid", "\(pid)", "--nofile=\(used + 4):"])

    var others = try (0..<40).map { _ in try RawClient(port: port) }
    var scrape = Scrape("")
    try await until("it pauses") {
      scrape = Scrape(String(decoding: try Self.ask(kept, "/metrics").body, as: UTF8.self))
      return scrape.sum("shop_http_accept_pauses_total") > 0
    }
    #expect(scrape.sum("shop_http_connections") < 40)
    #expect(try Self.ask(kept, "/v1/products").status == 200)
    others = []
    try await until("a new client is served") { (try? await server.get("/v1/products").status) == 200 }
    #expect(others.isEmpty)
    #expect(server.process.isRunning)
    #expect(try await server.process.terminate() == 0)
  }

  @Test func `lines about clients that speak no HTTP are few, and the others are counted`() async throws {
    let server = try await ShopServer.start(try TestDatabase(), ["SHOP_WORKER": "off"])
    let port = server.port
    let sent = 400
    try await onThread {
      for _ in 0..<sent {
        let client = try RawClient(port: port)
        try client.send("nonsense\r\n\r\n")
        _ = try client.response()
      }
    }
    var scrape = try await server.scrape()
    let logged = { server.process.lines.count { $0.contains(#""method":"invalid""#) } }
    try await until("each is logged or counted") {
      scrape = try await server.scrape()
      return Double(logged()) + scrape.sum("shop_log_suppressed_lines_total") >= Double(sent)
    }
    #expect(Double(logged()) + scrape.sum("shop_log_suppressed_lines_total") == Double(sent))
    #expect(scrape.sum("shop_log_suppressed_lines_total") > 0)
    #expect(scrape.sum("shop_http_malformed_requests_total") == Double(sent))
    #expect(try await server.process.terminate() == 0)
  }

  @Test func `only an admin may send much`() async throws {
    let server = try await ShopServer.start(try TestDatabase(), ["SHOP_WORKER": "off"])
    let long = "{\"title\":\"" + String(repeating: "x", count: 20_000) + "\"}"
    #expect(try await server.post("/v1/carts", long).status == 413)
    #expect(try await server.post("/v1/admin/products", long).status == 413)
    #expect(try await server.post("/v1/admin/products", long, ["Authorization": "Bearer sk_wrong"]).status == 413)
    let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
    #expect(try await server.post("/v1/admin/products", long, admin).status == 422)
    #expect(try await server.scrape().values("shop_http_requests_refused_total", #"reason="content""#) == [3])
    #expect(try await server.process.terminate() == 0)
  }
}
