import Foundation
import TestSupport
import Testing

/// The series of a process with two loops, under requests over several connections.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct RequestSeriesTests {
  private static let promtool = "/usr/bin/promtool"
  private static let canCheck =
    FileManager.default.isExecutableFile(atPath: promtool) || ProcessInfo.processInfo.environment["CI"] != nil

  /// What each connection asks for, in this order and again: request line, content, where it is counted.
  private static let requests = [
    ("GET /health/live", "", #"route="/health/live",method="GET",status="2xx""#),
    ("GET /v1/products", "", #"route="/v1/products",method="GET",status="2xx""#),
    ("GET /v1/products/none", "", #"route="/v1/products/{id}",method="GET",status="4xx""#),
    ("POST /v1/carts", #"{"currency":"USD"}"#, #"route="/v1/carts",method="POST",status="2xx""#),
    ("GET /nowhere", "", #"route="unrouted",method="any",status="4xx""#),
  ]
  private static let connections = 6
  private static let rounds = 8

  private static func ask(_ clients: [RawClient]) throws {
    for _ in 0..<rounds {
      for (line, content, _) in requests {
        for client in clients {
          let fields = "Host: shop\r\nContent-Type: application/json\r\nContent-Length: \(content.utf8.count)\r\n"
          try client.send("\(line) HTTP/1.1\r\n\(fields)\r\n\(content)")
        }
        for client in clients { _ = try client.response() }
      }
    }
  }

  @Test func `the requests of both loops add up to those that were sent`() async throws {
    let server = try await ShopServer.start(try TestDatabase(), ["SHOP_LOOPS": "2"])
    let port = server.port
    try await onThread {
      // All at once, so that they are shared out over the loops.
      try Self.ask(try (0..<Self.connections).map { _ in try RawClient(port: port) })
      let malformed = try RawClient(port: port)
      try malformed.send("GET / HTTP/1.1\r\nHost : shop\r\n\r\n")
      _ = try malformed.response()
    }
    let each = Double(Self.connections * Self.rounds)
    // Beside them this test has read the document, and asks for /metrics.
    let sent = each * Double(Self.requests.count) + 2
    var scrape = try await server.scrape()
    try await until("the last answer is counted") {
      scrape = try await server.scrape()
      return scrape.sum("shop_http_requests_total", without: #""/metrics""#) >= sent
    }
    #expect(scrape.sum("shop_http_requests_total", without: #""/metrics""#) == sent)
    #expect(scrape.sum("shop_http_request_duration_seconds_count", without: #""/metrics""#) == sent)
    for (line, _, labels) in Self.requests {
      // The malformed one belongs to no route either.
      let expected = each + (line == "GET /nowhere" ? 1 : 0)
      #expect(scrape.values("shop_http_requests_total", labels) == [expected], "\(line)")
    }
    #expect(scrape.values("shop_http_malformed_requests_total") == [1])
    for loop in ["loop-0", "loop-1"] {
      #expect(scrape.sum("shop_database_statements_total", #"loop="\#(loop)""#) >= each / 4, "\(loop) has had its share")
    }
    let logged = { server.process.lines.count { $0.contains(#""route":"/v1/carts""#) } }
    try await until("every request has its line in the log") { logged() >= Int(each) }
    #expect(logged() == Int(each))
    #expect(try await server.process.terminate() == 0)
  }

  @Test(.enabled(if: canCheck, "promtool is not installed (package prometheus)"))
  func `promtool finds nothing in what a server and a worker show`() async throws {
    let redis = try RedisServer()
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let settings = scene.provider.settings.merging(["SHOP_LOOPS": "2", "SHOP_REDIS_URL": redis.url]) { $1 }
      let server = try await ShopServer.start(scene.database, settings)
      let shopper = try await Shopper.ready(at: server, try await Merchant(server).sell(stock: 1))
      #expect(try await shopper.complete().status == 201)
      _ = try await server.get("/v1/products")
      let worker = try ShopProcess(["worker", "--listen"], ShopProcess.settings(scene.database, scene.provider.settings))
      let line = try await worker.line(saying: "worker started")
      let port = try #require(line.firstMatch(of: /"address":"[^"]*:(\d+)"/).flatMap { UInt16($0.1) })
      for shown in [try await server.scrape(), try await WatchedPort(port: port).scrape()] {
        #expect(shown.values("shop_build_info") == [1])
        #expect(shown.values("shop_log_dropped_lines_total") == [0])
        #expect(try ChildProcess.run(Self.promtool, ["check", "metrics"], input: shown.text) == "")
      }
      #expect(try await worker.terminate() == 0)
      #expect(try await server.process.terminate() == 0)
    }
  }
}

private struct WatchedPort: ServedShop {
  let port: UInt16
  let contract: Contract? = nil
}
