import TestSupport
import Testing

/// Providers that lose answers, change their mind or do not answer: what the shop makes of it.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct UnreliableProviderTests {
  /// A shop whose provider does as the script says, and a shopper at its till.
  private func scene(
    settings: [String: String] = [:], _ script: @escaping ScriptedProvider.Script,
    _ body: (ScriptedProvider, TestServer, Shopper) async throws -> Void
  ) async throws {
    let provider = try await ScriptedProvider(script)
    let shop = try await TestServer.start(settings: provider.settings.merging(settings) { $1 })
    let result: Result<Void, any Error>
    do {
      let mug = try await Merchant(shop).sell(stock: 1)
      result = .success(try await body(provider, shop, try await Shopper.ready(at: shop, mug)))
    } catch {
      result = .failure(error)
    }
    await shop.stop()
    await provider.stop()
    try result.get()
  }

  /// As if it had been begun so long ago.
  private func age(_ shop: TestServer, seconds: Int) throws {
    try shop.database.execute("UPDATE sales.payment SET created_at = now() - interval '\(seconds) seconds'")
  }

  /// Waits for what the worker brings about, which is due at once however often it failed.
  private func untilWorked(_ what: String, _ shop: TestServer, _ condition: () async throws -> Bool) async throws {
    try await until(what) {
      try shop.database.execute(
        """
        UPDATE sales.payment SET next_check_at = now() WHERE next_check_at > now() AND attempts > 0;
        UPDATE sales.payment_operation SET next_check_at = now() WHERE next_check_at > now() AND attempts > 0;
        """)
      return try await condition()
    }
  }

  @Test func `money that is reserved after the shopper was told no is given back, however often the provider fails`() async throws
  {
    let late = Gate()
    let script: ScriptedProvider.Script = { call, earlier in
      switch call {
      case .authorise: earlier.contains { $0.isAuthorisation } ? .after(late, .authorised) : .failed
      case .query: .declined
      case .void: earlier.count { $0.isVoid } < 2 ? .failed : .voided
      }
    }
    try await scene(script) { provider, shop, shopper in
      let key = "authorised-later-than-declined"
      let waiting = try await shopper.complete(total: "1799", key: key)
      #expect(waiting.status == 202, "\(waiting.text)")
      async let retry = shopper.complete(total: "1799", key: key)
      try await until("the retry is at the provider") { late.waiting == 1 }
      try await until("the worker has let the cart go") { try await shopper.look()["status"] == "active" }
      late.open()
      let told = try await retry
      #expect(told.status == 402, "\(told.text)")
      #expect(try await shopper.complete(total: "1799", key: key).body == told.body)

      try await untilWorked("the void is confirmed", shop) {
        try shop.database.query("SELECT state FROM sales.payment_operation WHERE kind = 'void'") == ["succeeded"]
      }
      #expect(Set(provider.calls.filter { $0.isVoid }).count == 1, "one key for all of them: \(provider.calls)")
      #expect(try shop.database.query("SELECT state, authorized = amount, voided = amount FROM sales.payment") == ["voided|t|t"])
      let payment = try await shop.get("/v1/payments/\(try #require(waiting["payment", "id"]))", shopper.fields)
      #expect(payment["status"] == "voided")
      #expect(try shop.database.query("SELECT count(*) FROM sales.orders") == ["0"])
      #expect(try shop.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
    }
  }

  @Test func `a payment that the provider never heard of is let go when it is voided there, and not before`() async throws {
    let script: ScriptedProvider.Script = { call, _ in
      switch call {
      case .authorise: .failed
      case .query: .notFound
      case .void: .failed
      }
    }
    try await scene(script) { provider, shop, shopper in
      let key = "lost-on-its-way-to-the-provider"
      #expect(try await shopper.complete(total: "1799", key: key).status == 202)
      try age(shop, seconds: 61)
      try await untilWorked("the provider was asked for a void twice", shop) { provider.calls.count { $0.isVoid } >= 2 }
      #expect(try await shopper.look()["status"] == "completing")
      #expect(try shop.database.query("SELECT reserved FROM sales.stock_level") == ["1"])

      // Now it arrives after all. Nobody knows whether before or after the void, so it makes no order.
      provider.follow { call, earlier in call.isVoid ? .failed : .authorised }
      #expect(try await shopper.complete(total: "1799", key: key).status == 202)
      try age(shop, seconds: 61)
      let asked = provider.calls.count { $0.isVoid }
      try await untilWorked("the provider was asked for the void again", shop) { provider.calls.count { $0.isVoid } > asked }
      #expect(try shop.database.query("SELECT count(*) FROM sales.orders") == ["0"])

      provider.follow { call, earlier in .voided }
      try await untilWorked("the cart is open again", shop) { try await shopper.look()["status"] == "active" }
      #expect(Set(provider.calls.filter { $0.isVoid }).count == 1, "one key for all of them: \(provider.calls)")
      #expect(try shop.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      #expect(try shop.database.query("SELECT count(*) FROM sales.orders") == ["0"])
      let told = try await shopper.complete(total: "1799", key: key)
      #expect(told.status == 402, "\(told.text)")
      try await untilWorked("nothing is left to do", shop) {
        try shop.database.query("SELECT state FROM sales.payment_operation WHERE kind = 'void'") == ["succeeded"]
      }
      #expect(try shop.database.query("SELECT state, authorized FROM sales.payment") == ["failed|0"])
    }
  }

  @Test func `a retry that gets no answer leaves the shopper what is to be done`() async throws {
    let url = "http://pay.example/3ds/1"
    try await scene(settings: ["SHOP_WORKER": "off"]) { call, earlier in
      earlier.isEmpty ? .requiresAction(url: url) : .failed
    } _: { provider, shop, shopper in
      let key = "the-second-answer-is-lost"
      let first = try await shopper.complete(total: "1799", key: key)
      #expect(first["payment", "next_action", "url"] == url, "\(first.text)")
      let second = try await shopper.complete(total: "1799", key: key)
      #expect(second.status == 202)
      #expect(second["status"] == "requires_action", "\(second.text)")
      #expect(second["payment", "next_action", "url"] == url)
      let payment = try await shop.get("/v1/payments/\(try #require(first["payment", "id"]))", shopper.fields)
      #expect(payment["status"] == "requires_action")
      #expect(payment["next_action", "url"] == url)
    }
  }

  @Test func `what the shopper is to do is told, though the answer that said so was lost`() async throws {
    let url = "http://pay.example/3ds/2"
    try await scene { call, earlier in
      call.isAuthorisation ? .failed : .requiresAction(url: url)
    } _: { provider, shop, shopper in
      let lost = try await shopper.complete(total: "1799", key: "the-first-answer-is-lost")
      #expect(lost["status"] == "pending", "\(lost.text)")
      let path = "/v1/payments/\(try #require(lost["payment", "id"]))"
      try await until("the worker has found out") { try await shop.get(path, shopper.fields)["status"] == "requires_action" }
      #expect(try await shop.get(path, shopper.fields)["next_action", "url"] == url)
    }
  }
}
