import Foundation
import TestSupport
import Testing

/// A shop whose traces a collector takes, by the header of W3C Trace Context and by what the collector gets.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)")) struct TracingTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let caller = "00f067aa0ba902b7"
  private static let sampled = ["traceparent": "00-\(trace)-\(caller)-01"]
  private static let server = 2
  private static let client = 3

  private func complete(_ shopper: Shopper, _ fields: [String: String]) async throws -> ServedShop.Reply {
    let total = try await shopper.look()["totals", "total"] ?? ""
    return try await shopper.shop.post(
      shopper.cart + "/complete",
      #"{"expected_total":{"amount":\#(total),"currency":"USD"},"payment":{"provider":"test","token":"tok_ok"}}"#,
      shopper.fields.merging(["Idempotency-Key": UUID().uuidString]) { $1 }.merging(fields) { $1 })
  }

  @Test func `a checkout is one trace: the caller's, the request's, each trip to the database and the payment`() async throws {
    let provider = try await ScriptedProvider { _, _ in .authorised }
    try await TestCollector.with { collector in
      try await TestServer.with(settings: collector.settings(ratio: "0").merging(provider.settings) { $1 }) { shop in
        let shopper = try await Shopper.ready(at: shop, try await Merchant(shop).sell(stock: 5))
        #expect(try await complete(shopper, Self.sampled).status == 201)
        let request = try await collector.span("the request's span") { $0.kind == Self.server }
        #expect(request.name == "POST /v1/carts/{id}/complete")
        #expect(request.service == "shop")
        #expect(request.trace == Self.trace)
        #expect(request.parent == Self.caller)
        let expected = [
          "http.request.method": "POST", "http.route": "/v1/carts/{id}/complete", "http.response.status_code": "201",
          "shop.role": "all",
        ]
        for (name, value) in expected { #expect(request.attributes[name] == value, "\(name)") }
        #expect(request.attributes["shop.request_id"]?.hasPrefix("req_") == true)

        let others = collector.spans(of: Self.trace).filter { $0.id != request.id }
        for span in others {
          #expect(span.parent == request.id, "\(span.name)")
          #expect(span.kind == Self.client)
          #expect(!span.isError)
          #expect(span.start >= request.start && span.end <= request.end && span.start <= span.end, "\(span)")
        }
        let trips = others.filter { $0.attributes["db.system.name"] == "postgresql" }
        // Both transactions may be shared with other requests, so they have no trips of this one's own.
        #expect(trips.map(\.name) == ["checkout_open", "checkout_place_orders"])
        let calls = others.filter { $0.attributes["http.request.method"] != nil }
        #expect(calls.map(\.name) == ["POST /authorizations"])
        #expect(calls.first?.attributes["http.response.status_code"] == "201")
        #expect(trips.count + calls.count == others.count)
        // The provider can go on with the trace.
        #expect(provider.traceparents == calls.map { "00-\(Self.trace)-\($0.id)-01" })
        // Nothing but this one was sampled.
        #expect(collector.spans.allSatisfy { $0.trace == Self.trace })
      }
      #expect(collector.faults == [])
    }
    await provider.stop()
  }

  @Test func `what a trace holds says nothing of the shopper, their money's token or the shop's keys`() async throws {
    let redis = try CacheRedis()
    try await TestCollector.with { collector in
      try await CheckoutScene.with(settings: collector.settings().merging(["SHOP_REDIS_URL": redis.url]) { $1 }) { scene in
        let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 5))
        _ = try await scene.shop.get("/v1/search?q=sesame")
        let order = try await complete(shopper, [:])
        #expect(order.status == 201)
        #expect(try await scene.shop.get("/v1/orders/\(order["id"] ?? "")", shopper.fields).status == 200)
        _ = try await collector.span("the last request") { $0.name == "GET /v1/orders/{id}" }
        let secrets = [
          shopper.token, TestServer.adminKey, "ann@example.com", "Ann Archer", "1 Main St", "97201", "tok_ok", "sesame",
          "test-secret", shopper.cart, "SELECT", "UPDATE ",
        ]
        for span in collector.spans {
          for text in [span.name] + span.attributes.values {
            for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(span)") }
          }
        }
      }
      #expect(collector.faults == [])
    }
  }

  @Test func `a page that Redis keeps shows the commands that fetched it`() async throws {
    let redis = try CacheRedis()
    try await TestCollector.with { collector in
      try await TestServer.with(settings: collector.settings(ratio: "0").merging(["SHOP_REDIS_URL": redis.url]) { $1 }) { shop in
        #expect(try await shop.get("/v1/categories", Self.sampled).status == 200)
        let request = try await collector.span("the request's span") { $0.name == "GET /v1/categories" }
        let get = try await collector.span("the look into Redis") { $0.name == "GET" }
        #expect(get.parent == request.id)
        #expect(get.attributes["db.system.name"] == "redis")
        #expect(get.attributes["db.operation.name"] == "GET")
        #expect(get.attributes["server.port"] == redis.url.split(separator: ":").last.map(String.init))
      }
    }
  }

  @Test func `the caller's decision counts, whatever the shop's own ratio`() async throws {
    try await TestCollector.with { collector in
      let never = ["traceparent": "00-11111111111111111111111111111111-00f067aa0ba902b7-00"]
      try await TestServer.with(settings: collector.settings(ratio: "1").merging(["SHOP_WORKER": "off"]) { $1 }) { shop in
        #expect(try await shop.get("/v1/categories", never).status == 200)
        #expect(try await shop.get("/v1/products", Self.sampled).status == 200)
        // Sent after the other, and by the same loop.
        _ = try await collector.span("the sampled request") { $0.name == "GET /v1/products" }
        #expect(collector.spans(of: "11111111111111111111111111111111").isEmpty)
        #expect(!collector.spans(of: Self.trace).isEmpty)
      }
    }
  }

  @Test func `a ratio of nothing exports nothing, of requests and of jobs`() async throws {
    try await TestCollector.with { collector in
      try await TestServer.with(settings: collector.settings(ratio: "0")) { shop in
        for _ in 0..<20 { #expect(try await shop.get("/v1/products").status == 200) }
        // No header: a trace would begin here.
        #expect(try await shop.get("/v1/categories", ["traceparent": "00-nonsense-01"]).status == 200)
        #expect(try await shop.get("/v1/categories", Self.sampled).status == 200)
        _ = try await collector.span("the sampled request") { $0.name == "GET /v1/categories" }
        #expect(collector.spans.allSatisfy { $0.trace == Self.trace })
      }
    }
  }

  @Test func `a trace that begins here is named in the log`() async throws {
    try await TestCollector.with { collector in
      let shop = try await ShopServer.start(
        try TestDatabase(role: "product"), collector.settings().merging(["SHOP_ROLE": "product", "SHOP_WORKER": "off"]) { $1 })
      #expect(try await shop.get("/v1/categories").status == 200)
      let request = try await collector.span("the request's span") { $0.name == "GET /v1/categories" }
      #expect(request.parent == nil)
      #expect(request.service == "shop-product")
      #expect(request.attributes["shop.role"] == "product")
      try await until("the log names the trace") {
        shop.process.lines.contains { $0.contains(#""trace_id":"\#(request.trace)""#) && $0.contains("/v1/categories") }
      }
    }
  }

  @Test func `a failure of the database is seen on its trip and on the request`() async throws {
    try await TestCollector.with { collector in
      let settings = collector.settings(ratio: "0").merging(["SHOP_CATALOGUE_CACHE": "off"]) { $1 }
      try await TestServer.with(settings: settings) { shop in
        try shop.database.execute("ALTER TABLE catalogue.category RENAME TO elsewhere")
        // Past the document, which promises no 500.
        let port = shop.port
        let status = try await onThread {
          let client = try RawClient(port: port)
          try client.send("GET /v1/categories HTTP/1.1\r\nHost: shop\r\ntraceparent: 00-\(Self.trace)-\(Self.caller)-01\r\n\r\n")
          return try client.response().status
        }
        #expect(status == 500)
        let request = try await collector.span("the request's span") { $0.kind == Self.server }
        #expect(request.isError)
        #expect(request.attributes["error.type"] == "500")
        let trip = try await collector.span("the trip that failed") { $0.kind == Self.client && $0.isError }
        #expect(trip.attributes["db.response.status_code"] == "42P01")
        #expect(trip.parent == request.id)
      }
    }
  }

  @Test func `the worker's jobs are traces of their own`() async throws {
    try await TestCollector.with { collector in
      try await TestServer.with(settings: collector.settings()) { _ in
        let job = try await collector.span("a job") { $0.name == "expire holds" }
        #expect(job.kind == 1)
        #expect(job.parent == nil)
        _ = try await collector.span("the job's trip") { $0.parent == job.id && $0.attributes["db.system.name"] == "postgresql" }
      }
    }
  }

  // MARK: The collector

  @Test func `a collector that hangs holds up no request and no end`() async throws {
    try await TestCollector.with(.hangs) { collector in
      let shop = try await TestServer.start(settings: collector.settings().merging(["SHOP_WORKER": "off"]) { $1 })
      #expect(try await shop.get("/v1/categories").status == 200)
      try await until("the collector was asked") { collector.requests > 0 }
      // More than the queue takes, while the collector sits on what it has got.
      let port = shop.port
      try await onThread {
        let client = try RawClient(port: port)
        for _ in 0..<50 {
          try client.send(String(repeating: "GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n", count: 60))
          for _ in 0..<60 { #expect(try client.response().status == 200) }
        }
      }
      try await until("what does not fit is counted") {
        try await shop.scrape().sum("shop_trace_spans_dropped_total", #"reason="queue_full""#) > 0
      }
      #expect(collector.spans.isEmpty)
      // Within the drain's own deadline and the moment for the last spans.
      await shop.stop()
    }
  }

  @Test func `what a collector refuses is dropped and counted, and the next is offered all the same`() async throws {
    try await TestCollector.with(.refuses(400, #"{"message":"no"}"#)) { collector in
      try await TestServer.with(settings: collector.settings().merging(["SHOP_WORKER": "off"]) { $1 }) { shop in
        #expect(try await shop.get("/v1/categories").status == 200)
        try await until("the refusal is counted") {
          try await shop.scrape().sum("shop_trace_spans_dropped_total", #"reason="refused""#) > 0
        }
        collector.become(.takes)
        #expect(try await shop.get("/v1/products", Self.sampled).status == 200)
        _ = try await collector.span("the next request") { $0.trace == Self.trace }
        try await until("what was taken is counted") { try await shop.scrape().sum("shop_trace_spans_exported_total") > 0 }
      }
    }
  }

  @Test func `what a collector cannot take now is offered again`() async throws {
    try await TestCollector.with(.refuses(503, "{}")) { collector in
      try await TestServer.with(settings: collector.settings(ratio: "0").merging(["SHOP_WORKER": "off"]) { $1 }) { shop in
        #expect(try await shop.get("/v1/categories", Self.sampled).status == 200)
        try await until("the collector was asked") { collector.requests > 0 }
        collector.become(.takes)
        _ = try await collector.span("the request") { $0.name == "GET /v1/categories" }
        #expect(try await shop.scrape().sum("shop_trace_spans_dropped_total") == 0)
      }
    }
  }

  @Test func `a shop that ends exports its last spans first`() async throws {
    try await TestCollector.with { collector in
      let shop = try await TestServer.start(settings: collector.settings(ratio: "0").merging(["SHOP_WORKER": "off"]) { $1 })
      #expect(try await shop.get("/v1/categories", Self.sampled).status == 200)
      await shop.stop()
      #expect(collector.spans.contains { $0.name == "GET /v1/categories" })
    }
  }
}
