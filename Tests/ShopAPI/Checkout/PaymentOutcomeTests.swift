import TestSupport
import Testing

/// What a payment may come to, and how each of it ends.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct PaymentOutcomeTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  private func expectOneOrder(_ scene: CheckoutScene, location: SourceLocation = #_sourceLocation) throws {
    #expect(try scene.database.query("SELECT count(*) FROM sales.orders") == ["1"], sourceLocation: location)
    #expect(
      try scene.database.query("SELECT state, authorized = amount FROM sales.payment") == ["authorized|t"],
      sourceLocation: location)
    #expect(try scene.database.query("SELECT DISTINCT state FROM sales.reservation") == ["committed"], sourceLocation: location)
  }

  @Test func `a payment that is decided later becomes an order by the worker, and the retry is told of it`() async throws {
    try await CheckoutScene.with(decisionTime: .milliseconds(300)) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let waiting = try await shopper.complete(paying: "tok_timeout", total: "1799", key: "decided-later-by-the-worker")
      #expect(waiting.status == 202, "\(waiting.text)")
      #expect(waiting["status"] == "pending")
      #expect(waiting["payment", "status"] == "unknown")
      #expect(waiting["payment", "next_action"] == nil)
      #expect(waiting.fields["retry-after"] != nil)
      let payment = "/v1/payments/\(try #require(waiting["payment", "id"]))"
      // The cart waits with it.
      #expect(try await shopper.look()["status"] == "completing")
      let other = try await shopper.complete(total: "1799", key: "another-key-while-it-waits")
      #expect(other["code"] == "checkout_in_progress", "\(other.text)")
      #expect(other.fields["retry-after"] != nil)
      #expect(try await shopper.put("email", #"{"email":"eve@example.com"}"#)["code"] == "checkout_in_progress")

      try await until("the worker has settled it") {
        try await scene.shop.get(payment, shopper.fields)["status"] == "authorized"
      }
      let told = try await shopper.complete(paying: "tok_timeout", total: "1799", key: "decided-later-by-the-worker")
      #expect(told.status == 201, "\(told.text)")
      #expect(told.fields["idempotency-replayed"] == "true")
      #expect(told["id"] == (try await scene.shop.get(payment, shopper.fields)["order_id"]))
      #expect(try await shopper.look()["status"] == "ordered")
      try expectOneOrder(scene)
    }
  }

  @Test func `without a worker the shopper's retry brings it to its end`() async throws {
    try await CheckoutScene.with(decisionTime: .milliseconds(300), settings: ["SHOP_WORKER": "off"]) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let first = try await shopper.complete(paying: "tok_timeout", total: "1799", key: "decided-later-by-the-retry")
      #expect(first.status == 202, "\(first.text)")
      var last = first
      try await until("a retry is told of the order") {
        last = try await shopper.complete(paying: "tok_timeout", total: "1799", key: "decided-later-by-the-retry")
        #expect([201, 202].contains(last.status), "\(last.text)")
        return last.status == 201
      }
      #expect(last["payments", "0", "id"] == first["payment", "id"])
      try expectOneOrder(scene)
    }
  }

  @Test(arguments: ["on", "off"])
  func `a shopper who must act at the provider does so, and has the order`(worker: String) async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": worker]) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      func complete() async throws -> TestServer.Reply {
        try await shopper.complete(paying: "tok_requires_action", total: "1799", key: "the-shopper-must-act-first")
      }
      let waiting = try await complete()
      #expect(waiting.status == 202, "\(waiting.text)")
      #expect(waiting["status"] == "requires_action")
      #expect(waiting["payment", "status"] == "requires_action")
      #expect(waiting["payment", "next_action", "type"] == "redirect")
      let url = try #require(waiting["payment", "next_action", "url"])
      let payment = try await scene.shop.get("/v1/payments/\(try #require(waiting["payment", "id"]))", shopper.fields)
      #expect(payment["status"] == "requires_action")
      #expect(payment["next_action", "url"] == url)
      // Until then a retry tells the same.
      let again = try await complete()
      #expect(again.status == 202)
      #expect(again["payment", "next_action", "url"] == url)

      let page = try #require(url.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+(\/.*)/)).1
      #expect(try await scene.provider.get(String(page))["status"] == "authorized")
      if worker == "on" {
        try await until("the worker has made the order") {
          try scene.database.query("SELECT count(*) FROM sales.orders") == ["1"]
        }
      }
      let order = try await complete()
      #expect(order.status == 201, "\(order.text)")
      #expect(order["payment_status"] == "authorized")
      try expectOneOrder(scene)
    }
  }

  @Test func `a slow provider is waited for within its time, and asked later beyond it`() async throws {
    try await CheckoutScene.with(settings: ["SHOP_PROVIDER_DEADLINE_MS": "1000", "SHOP_CHECKOUT_DEADLINE_MS": "4000"]) { scene in
      let mug = try await scene.merchant.sell(stock: 2)
      let patient = try await scene.readyShopper(mug)
      let order = try await patient.complete(paying: "tok_slow_100")
      #expect(order.status == 201, "\(order.text)")
      let late = try await scene.readyShopper(mug)
      let waiting = try await late.complete(paying: "tok_slow_60000", total: "1799", key: "slower-than-its-deadline")
      #expect(waiting.status == 202, "\(waiting.text)")
      #expect(waiting["payment", "status"] == "unknown")
      try await until("the worker has asked again") {
        try await late.look()["status"] == "ordered"
      }
      let told = try await late.complete(paying: "tok_slow_60000", total: "1799", key: "slower-than-its-deadline")
      #expect(told.status == 201, "\(told.text)")
      #expect(try scene.database.query("SELECT count(*) FROM sales.orders") == ["2"])
    }
  }

  @Test func `what never reached the provider is voided there and the cart is let go`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      let shopper = try await scene.readyShopper(mug)
      // A shop whose way to the provider is broken: nobody listens on port 1 (tcpmux).
      let broken = try await TestServer.start(
        database: scene.database, settings: ["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:1", "SHOP_WORKER": "off"])
      let waiting = try await shopper.at(broken).complete(total: "1799", key: "the-way-to-the-provider-is-broken")
      await broken.stop()
      #expect(waiting.status == 202, "\(waiting.text)")
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["1"])
      try scene.database.execute("UPDATE sales.payment SET created_at = now() - interval '61 seconds', next_check_at = now()")
      try await until("the cart is open again") { try await shopper.look()["status"] == "active" }
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      // The first key has its answer for good; the provider would refuse the operation if it came now.
      let told = try await shopper.complete(total: "1799", key: "the-way-to-the-provider-is-broken")
      #expect(told.status == 402, "\(told.text)")
      let operation = try operations(scene)[0]
      #expect(try await scene.provider.get("/authorizations/\(operation)")["status"] == "voided")
      let order = try await shopper.complete(key: "another-attempt-with-another-key")
      #expect(order.status == 201, "\(order.text)")
    }
  }

  @Test func `a shopper who never comes back gets the stock and the money back to where they were`() async throws {
    try await CheckoutScene.with { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let waiting = try await shopper.complete(paying: "tok_requires_action")
      #expect(waiting.status == 202)
      try scene.database.execute("UPDATE sales.payment SET created_at = now() - interval '15 minutes', next_check_at = now()")
      try await until("the cart is open again") { try await shopper.look()["status"] == "active" }
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      let operation = try operations(scene)[0]
      #expect(try await scene.provider.get("/authorizations/\(operation)")["status"] == "voided")
      // Too late for the provider's page, too.
      #expect(try await scene.provider.get("/actions/\(operation)")["status"] == "voided")
      let payment = try await scene.shop.get("/v1/payments/\(try #require(waiting["payment", "id"]))", Self.admin)
      #expect(payment["status"] == "failed")
    }
  }

  /// The keys that the provider was given, as it knows them.
  private func operations(_ scene: CheckoutScene) throws -> [String] {
    try scene.database.query("SELECT id FROM sales.payment_operation WHERE kind = 'authorize' ORDER BY created_at")
      .map { try WireID.text("op_", $0) }
  }

  @Test func `an amount of nothing is ordered without asking for money`() async throws {
    try await CheckoutScene.with { scene in
      let gift = try await scene.merchant.sell([.init("GIFT", ["USD": 0], requiresShipping: false)]).variants[0]
      let shopper = try await Shopper.enter(scene.shop)
      try await shopper.add(gift)
      try await shopper.put("email", #"{"email":"ann@example.com"}"#)
      let order = try await shopper.complete()
      #expect(order.status == 201, "\(order.text)")
      #expect(order["totals", "total"] == "0")
      #expect(try operations(scene) == [])
    }
  }
}
