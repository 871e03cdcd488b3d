import TestSupport
import Testing

/// What the worker does when something is in its way.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct WorkerTests {
  @Test(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
  func `a payment that cannot be settled keeps no other from its end, and the log names it`() async throws {
    try await CheckoutScene.with(decisionTime: .milliseconds(10), settings: ["SHOP_WORKER": "off"]) { scene in
      let mug = try await scene.merchant.sell(stock: 4)
      var payments: [String] = []
      for _ in 0..<4 {
        let waiting = try await scene.readyShopper(mug).complete(paying: "tok_timeout")
        payments.append(try #require(waiting["payment", "id"], "\(waiting.text)"))
      }
      try scene.database.execute(
        "UPDATE sales.payment SET checkout = '{}' WHERE id = (SELECT id FROM sales.payment ORDER BY created_at LIMIT 1)")
      let server = try await ShopServer.start(scene.database, scene.provider.settings)
      try await until("the others are ordered") { try scene.database.query("SELECT count(*) FROM sales.orders") == ["3"] }
      let line = try await server.process.line(saying: "payment is stuck")
      #expect(line.contains(#""level":"error""#), "\(line)")
      #expect(line.contains(payments[0]), "\(line)")
      #expect(try await server.process.terminate() == 0)
    }
  }

  @Test func `voids that are refused again and again keep no other waiting`() async throws {
    let payable = try WireID.text("op_", "01900000-0000-7000-8000-0000000000aa")
    let provider = try await ScriptedProvider { call, _ in call.authorisation == payable ? .voided : .failed }
    let shop = try await TestServer.start(settings: provider.settings.merging(["SHOP_WORKER": "off"]) { $1 })
    try shop.database.execute(
      """
      CREATE TEMP TABLE late AS
        SELECT n, gen_random_uuid() AS cart, gen_random_uuid() AS payment,
               CASE n WHEN 40 THEN '01900000-0000-7000-8000-0000000000aa' ELSE gen_random_uuid() END AS authorisation
          FROM generate_series(1, 40) n;
      INSERT INTO sales.cart (id, token_sha256, currency, expires_at)
        SELECT cart, sha256(cart::text::bytea), 'USD', now() + interval '1 day' FROM late;
      INSERT INTO sales.payment (id, cart_id, provider, currency, amount, authorized, state, checkout)
        SELECT payment, cart, 'test', 'USD', 100, 100, 'failed', '{}' FROM late;
      INSERT INTO sales.payment_operation (id, payment_id, kind, amount, state, provider, finished_at)
        SELECT authorisation, payment, 'authorize', 100, 'failed', 'test', now() FROM late;
      INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider, created_at, next_check_at)
        SELECT gen_random_uuid(), payment, 'void', 100, 'test', now() - interval '1 day' + n * interval '1 minute',
               now() - interval '1 day' + n * interval '1 minute' FROM late;
      """)
    let working = try await TestServer.start(database: shop.database, settings: provider.settings)
    try await until("the last of them is confirmed") {
      try shop.database.query("SELECT state, voided FROM sales.payment WHERE state <> 'failed'") == ["voided|100"]
    }
    #expect(provider.calls.count { $0.authorisation == payable } == 1, "confirmed once is enough")
    await working.stop()
    await shop.stop()
    await provider.stop()
  }
}
