import TestSupport
import Testing

/// Discount codes at the till: used up with the payment, given back with it, and never used once too often.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct DiscountCheckoutTests {
  private static let five = #""kind":"fixed_amount","amounts":[{"amount":500,"currency":"USD"}]"#

  /// All of them wait for one code: on a busy machine that takes longer than a shopper would wait.
  private static let patience = ["SHOP_CHECKOUT_DEADLINE_MS": "30000"]

  private func used(_ scene: CheckoutScene) throws -> [String] { try used(scene.database) }

  /// How often each code was used, by its counter and by the uses that are written down.
  private func used(_ database: TestDatabase) throws -> [String] {
    try database.query(
      """
      SELECT d.used || ' of ' || coalesce(d.usage_limit::text, 'any') || ', ' ||
             (SELECT count(*) FROM sales.discount_redemption r WHERE r.discount_code_id = d.id) FROM sales.discount_code d ORDER BY d.id
      """)
  }

  @Test func `an order keeps what its codes took off, whatever becomes of them`() async throws {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("TENTH", #""kind":"percentage","basis_points":1000,"combinable":true"#)
      try await scene.merchant.discount("FIVE", Self.five + #","combinable":true"#)
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 5), 2)
      #expect(try await shopper.give("five").status == 200)
      #expect(try await shopper.give("tenth").status == 200)
      // 25.98 less 5.00 is 20.98, a tenth of it 2.10; 5.00 of shipping.
      let order = try await shopper.complete(total: "2388", key: "with-two-codes")
      #expect(order.status == 201, "\(order.text)")
      #expect(order["discount_codes", "0"] == "FIVE" && order["discount_codes", "1"] == "TENTH")
      #expect(order["totals", "discount"] == "710" && order["lines", "0", "discount", "amount"] == "710")
      #expect(order["payments", "0", "authorized"] == "2388")
      #expect(try used(scene) == ["1 of any, 1", "1 of any, 1"])
      try scene.database.execute("UPDATE sales.discount_code SET state = 'disabled'")
      let path = "/v1/orders/\(try #require(order["id"]))"
      #expect(try await scene.shop.get(path, shopper.fields).body == order.body)
      let list = try await scene.shop.get("/v1/admin/orders", scene.merchant.fields)
      #expect(list["data", "0", "discount_codes"] == "2 elements")
      let again = try await shopper.complete(total: "2388", key: "with-two-codes")
      #expect(again.body == order.body && again.fields["idempotency-replayed"] == "true")
      // The order was placed with it: cancelling gives the money back, not the use.
      let cancelled = try await scene.shop.post(
        path + "/cancellations", "{}", shopper.fields.merging(["Idempotency-Key": "a-change-of-mind"]) { $1 })
      #expect(cancelled.status == 201 && cancelled["discount_codes"] == "2 elements", "\(cancelled.text)")
      #expect(try used(scene) == ["1 of any, 1", "1 of any, 1"])
    }
  }

  @Test func `a code that ends while the shopper pays changes the price, and without it the order is made`() async throws {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("FIVE", Self.five)
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let seen = try #require(try await shopper.give("FIVE")["totals", "total"])
      #expect(seen == "1299")
      try scene.database.execute("UPDATE sales.discount_code SET ends_at = now() - interval '1 second'")
      let refused = try await shopper.complete(total: seen)
      #expect(refused.status == 409 && refused["code"] == "price_changed", "\(refused.text)")
      #expect(refused["current_total", "amount"] == "1799")
      let order = try await shopper.complete(total: "1799")
      #expect(order.status == 201 && order["discount_codes"] == "0 elements", "\(order.text)")
      #expect(try used(scene) == ["0 of any, 0"])
    }
  }

  @Test func `a declined payment gives the code back to be used again`() async throws {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("LAST", Self.five + #","usage_limit":1,"once_per_customer":true"#)
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 2))
      #expect(try await shopper.give("LAST").status == 200)
      let declined = try await shopper.complete(paying: "tok_declined")
      #expect(declined.status == 402, "\(declined.text)")
      #expect(try used(scene) == ["0 of 1, 0"])
      let order = try await shopper.complete()
      #expect(order.status == 201 && order["discount_codes", "0"] == "LAST", "\(order.text)")
      #expect(try used(scene) == ["1 of 1, 1"])
    }
  }

  @Test func `while a payment is open its code is used for others and counts for itself, and a void gives it back`() async throws
  {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("LAST", Self.five + #","usage_limit":1"#)
      let mug = try await scene.merchant.sell(stock: 2)
      let (shopper, rival) = (try await scene.readyShopper(mug), try await scene.readyShopper(mug))
      #expect(try await shopper.give("LAST").status == 200)
      #expect(try await rival.give("LAST").status == 200)
      let waiting = try await shopper.complete(paying: "tok_requires_action", total: "1299")
      #expect(waiting.status == 202, "\(waiting.text)")
      #expect(try used(scene) == ["1 of 1, 1"])
      #expect(try await shopper.look()["totals", "discount"] == "500")
      #expect(try await rival.look()["problems", "0", "code"] == "discount_exhausted")
      #expect(try await rival.complete(total: "1299")["code"] == "price_changed")
      // The shopper never comes back.
      try scene.database.execute("UPDATE sales.payment SET created_at = now() - interval '15 minutes', next_check_at = now()")
      try await until("the cart is open again") { try await shopper.look()["status"] == "active" }
      #expect(try used(scene) == ["0 of 1, 0"])
      let order = try await rival.complete(total: "1299")
      #expect(order.status == 201, "\(order.text)")
    }
  }

  @Test func `of two who take the last use at the same moment one is told so, and nothing is half done`() async throws {
    try await CheckoutScene.with(settings: Self.patience) { scene in
      try await scene.merchant.discount("LAST", Self.five + #","usage_limit":1"#)
      let mug = try await scene.merchant.sell(stock: 2)
      let shoppers = [try await scene.readyShopper(mug), try await scene.readyShopper(mug)]
      for shopper in shoppers { try #require(try await shopper.give("LAST").status == 200) }
      // Both have been priced with the code when they wait for it.
      let database = scene.database
      async let held: Void = onThread {
        try database.execute(
          """
          DO $$ BEGIN
            PERFORM 1 FROM sales.discount_code FOR UPDATE;
            FOR i IN 1..3000 LOOP
              PERFORM pg_stat_clear_snapshot();
              EXIT WHEN (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') = 2;
              PERFORM pg_sleep(0.01);
            END LOOP;
          END $$
          """)
      }
      try await until("the code is locked") {
        try database.query(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'") == ["1"]
      }
      let replies = try await withThrowingTaskGroup(of: (Int, TestServer.Reply).self) { group in
        for (index, shopper) in shoppers.enumerated() { group.addTask { (index, try await shopper.complete(total: "1299")) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try await held
      let refused = try #require(replies.first { $0.1.status == 409 })
      #expect(replies.contains { $0.1.status == 201 }, "\(replies.map(\.1.text))")
      #expect(refused.1["code"] == "discount_unavailable", "\(refused.1.text)")
      #expect(try used(scene) == ["1 of 1, 1"])
      #expect(try scene.database.query("SELECT count(*) FROM sales.payment") == ["1"])
      #expect(try scene.database.query("SELECT sum(reserved) FROM sales.stock_level") == ["1"])
      // The loser's cart is as it was, and is completed without the code.
      let loser = shoppers[refused.0]
      #expect(try await loser.look()["status"] == "active")
      #expect(try await loser.complete(total: "1299")["code"] == "price_changed")
      #expect(try await loser.complete(total: "1799").status == 201)
    }
  }

  @Test func `of sixty-four shoppers at two processes three get the last three uses`() async throws {
    try await CheckoutScene.with(shops: 2, settings: Self.patience) { scene in
      try await scene.merchant.discount("LAST3", Self.five + #","usage_limit":3"#)
      let mug = try await scene.merchant.sell(stock: 64)
      var shoppers: [Shopper] = []
      for index in 0..<64 {
        let shopper = try await scene.readyShopper(mug).at(scene.shops[index % 2])
        #expect(try await shopper.give("LAST3").status == 200)
        shoppers.append(shopper)
      }
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for shopper in shoppers { group.addTask { try await shopper.complete(total: "1299") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 201 } == 3)
      let refused = replies.filter { $0.status != 201 }
      #expect(
        refused.allSatisfy { $0.status == 409 && ["discount_unavailable", "price_changed"].contains($0["code"]) },
        "\(Set(refused.map(\.textWithoutRequest)))")
      #expect(try used(scene) == ["3 of 3, 3"])
      #expect(try scene.database.query("SELECT count(*), sum(discount) FROM sales.orders") == ["3|1500"])
      #expect(try scene.database.query("SELECT sum(reserved) FROM sales.stock_level") == ["3"])
      #expect(try scene.database.query("SELECT count(*) FROM sales.payment") == ["3"])
    }
  }

  @Test func `a code for once is one for each e-mail, however it is written, also at the same moment`() async throws {
    try await CheckoutScene.with(shops: 2, settings: Self.patience) { scene in
      try await scene.merchant.discount("WELCOME", Self.five + #","once_per_customer":true"#)
      let mug = try await scene.merchant.sell(stock: 9)
      var shoppers: [Shopper] = []
      for (index, email) in ["ann@example.com", "Ann@Example.com", "ANN@EXAMPLE.COM"].enumerated() {
        let shopper = try await scene.readyShopper(mug).at(scene.shops[index % 2])
        try await shopper.put("email", #"{"email":"\#(email)"}"#)
        #expect(try await shopper.give("WELCOME").status == 200)
        shoppers.append(shopper)
      }
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for shopper in shoppers { group.addTask { try await shopper.complete(total: "1299") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 201 } == 1, "\(replies.map(\.text))")
      #expect(
        replies.allSatisfy { $0.status == 201 || ["discount_unavailable", "price_changed"].contains($0["code"]) },
        "\(replies.map(\.text))")
      #expect(try used(scene) == ["1 of any, 1"])
      let later = try await scene.readyShopper(mug)
      #expect(try await later.give("WELCOME").faults == ["/code": "discount_spent"])
      try await later.put("email", #"{"email":"bob@example.com"}"#)
      #expect(try await later.give("WELCOME").status == 200)
      #expect(try await later.complete(total: "1299").status == 201)
    }
  }

  @Test func `a code that takes everything makes an order that costs nothing`() async throws {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("GIFT", #""kind":"percentage","basis_points":10000,"usage_limit":1"#)
      let book = try await scene.merchant.sell([.init("BOOK", ["USD": 1_299], requiresShipping: false)]).variants[0]
      let shopper = try await Shopper.enter(scene.shop)
      try await shopper.add(book)
      try await shopper.put("email", #"{"email":"ann@example.com"}"#)
      #expect(try await shopper.give("GIFT").status == 200)
      let order = try await shopper.complete(total: "0")
      #expect(order.status == 201 && order["totals", "total"] == "0" && order["totals", "discount"] == "1299", "\(order.text)")
      #expect(try scene.database.query("SELECT count(*) FROM sales.payment_operation") == ["0"])
      #expect(try used(scene) == ["1 of 1, 1"])
    }
  }

  @Test(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"), arguments: [true, false])
  func `a process that is killed at the till leaves the code with the order, or gives it back`(isPaid: Bool) async throws {
    let provider = try await ScriptedProvider { call, _ in
      switch call {
      case .authorise: .silence
      case .query: isPaid ? .authorised : .declined
      case .void: .voided
      }
    }
    let database = try TestDatabase()
    let killed = try await ShopServer.start(database, provider.settings.merging(["SHOP_WORKER": "off"]) { $1 })
    let merchant = Merchant(killed)
    try await merchant.discount("LAST", Self.five + #","usage_limit":1"#)
    let shopper = try await Shopper.ready(at: killed, try await merchant.sell(stock: 1))
    #expect(try await shopper.give("LAST").status == 200)
    async let lost = try? shopper.complete(total: "1299")
    try await until("the provider is asked") { provider.calls.contains { $0.isAuthorisation } }
    #expect(try used(database) == ["1 of 1, 1"])
    killed.process.kill()
    #expect(await lost == nil)
    try await TestServer.with(database: database, settings: provider.settings) { heir in
      try database.execute("UPDATE sales.payment SET created_at = now() - interval '61 seconds', next_check_at = now()")
      let shopper = shopper.at(heir)
      try await until("the payment is settled") { try await shopper.look()["status"] == (isPaid ? "ordered" : "active") }
      #expect(try used(database) == [isPaid ? "1 of 1, 1" : "0 of 1, 0"])
      #expect(try database.query("SELECT discount FROM sales.orders") == (isPaid ? ["500"] : []))
    }
    await provider.stop()
  }

  @Test func `a version that knows of no codes settles what was begun with one`() async throws {
    try await CheckoutScene.with { scene in
      try await scene.merchant.discount("LAST", Self.five + #","usage_limit":1"#)
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      #expect(try await shopper.give("LAST").status == 200)
      #expect(try await shopper.complete(paying: "tok_requires_action", total: "1299").status == 202)
      #expect(try used(scene) == ["1 of 1, 1"])
      // All that such a version writes of a payment that has failed.
      try scene.database.execute("UPDATE sales.payment SET state = 'failed', next_check_at = NULL, version = version + 1")
      #expect(try used(scene) == ["0 of 1, 0"])
    }
  }
}
