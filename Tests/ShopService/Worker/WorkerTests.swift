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

  @Test(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"), arguments: ["serve", "worker"])
  func `a provider that never answers keeps neither holds nor the process from their end`(command: String) async throws {
    let provider = try await ScriptedProvider { _, _ in .silence }
    let database = try TestDatabase()
    try database.execute(Self.waitingPayments + Self.overdueHold)
    let settings = provider.settings.merging([
      // Longer than this test waits for anything.
      "SHOP_PROVIDER_DEADLINE_MS": "119000", "SHOP_CHECKOUT_DEADLINE_MS": "120000",
    ]) { $1 }
    let process = try ShopProcess([command], ShopProcess.settings(database, settings))
    try await until("the provider was asked for each payment that it takes at once") { provider.calls.count == 8 }
    try await until("the hold has ended") {
      try database.query("SELECT count(*) FROM sales.reservation WHERE state = 'expired'") == ["1"]
    }
    // Claimed for longer than the asking takes, so nobody asks for the same one meanwhile.
    #expect(
      try database.query("SELECT count(*) FROM sales.payment WHERE next_check_at > now() + interval '119 seconds'") == ["8"])
    #expect(Set(provider.calls).count == 8)
    #expect(try await process.terminate() == 0)
    await provider.stop()
  }

  @Test func `holds and carts that came to nothing are forgotten after a week, and what was paid for never`() async throws {
    let database = try TestDatabase()
    try database.execute(
      """
      CREATE TEMP TABLE past AS
        SELECT n, gen_random_uuid() AS cart, CASE WHEN n <= 450 THEN interval '8 days' ELSE interval '6 days' END AS age
          FROM generate_series(1, 460) n;
      INSERT INTO sales.cart (id, token_sha256, currency, state, expires_at)
        SELECT cart, sha256(cart::text::bytea), 'USD', CASE n WHEN 2 THEN 'ordered' ELSE 'expired' END, now() - age FROM past;
      INSERT INTO sales.cart_line (id, cart_id, variant_id, quantity) SELECT gen_random_uuid(), cart, gen_random_uuid(), 1 FROM past;
      INSERT INTO sales.payment (id, cart_id, provider, currency, amount, state, checkout)
        SELECT gen_random_uuid(), cart, 'test', 'USD', 100, 'failed', '{}' FROM past WHERE n = 1;
      INSERT INTO sales.orders (id, cart_id, currency, email, subtotal, shipping, tax, tax_included, total)
        SELECT gen_random_uuid(), cart, 'USD', 'ann@example.com', 0, 0, 0, 0, 0 FROM past WHERE n = 2;
      INSERT INTO sales.stock_level (variant_id, location_id, on_hand, reserved)
        SELECT '01900000-0000-7000-8000-0000000000b1', id, 9, 1 FROM sales.location WHERE is_default;
      INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, order_id, updated_at)
        SELECT gen_random_uuid(), cart, gen_random_uuid(), variant_id, location_id, 1,
               CASE WHEN n = 2 THEN 'committed' WHEN n % 2 = 0 THEN 'released' ELSE 'expired' END, o.id, now() - age
          FROM past CROSS JOIN sales.stock_level LEFT JOIN sales.orders o ON o.cart_id = past.cart;
      """)
    try await TestServer.with(database: database) { shop in
      try await until("the carts are forgotten") { try database.query("SELECT count(*) FROM sales.cart") == ["12"] }
    }
    #expect(
      try database.query("SELECT state = 'committed', count(*) FROM sales.reservation GROUP BY 1 ORDER BY 1") == ["f|10", "t|1"])
    #expect(try database.query("SELECT count(*) FROM sales.cart_line") == ["12"])
    #expect(try database.query("SELECT count(*) FROM sales.payment JOIN sales.cart c ON c.id = cart_id") == ["1"])
    #expect(try database.query("SELECT count(*) FROM sales.orders") == ["1"])
  }

  private static let waitingPayments = """
    CREATE TEMP TABLE waiting AS SELECT gen_random_uuid() AS cart, gen_random_uuid() AS payment FROM generate_series(1, 20);
    INSERT INTO sales.cart (id, token_sha256, currency, state, expires_at)
      SELECT cart, sha256(cart::text::bytea), 'USD', 'completing', now() + interval '1 day' FROM waiting;
    INSERT INTO sales.payment (id, cart_id, provider, currency, amount, state, checkout, next_check_at)
      SELECT payment, cart, 'test', 'USD', 100, 'unknown', '{}', now() FROM waiting;
    INSERT INTO sales.payment_operation (id, payment_id, kind, amount, state, provider)
      SELECT gen_random_uuid(), payment, 'authorize', 100, 'unknown', 'test' FROM waiting;
    """

  private static let overdueHold = """
    INSERT INTO sales.stock_level (variant_id, location_id, on_hand, reserved)
      SELECT '01900000-0000-7000-8000-0000000000b1', id, 1, 1 FROM sales.location WHERE is_default;
    INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, expires_at)
      SELECT gen_random_uuid(), (SELECT id FROM sales.cart LIMIT 1), gen_random_uuid(), variant_id, location_id, 1, 'held', now()
        FROM sales.stock_level;
    """
}
