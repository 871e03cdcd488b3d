import TestSupport
import Testing

@Suite(.enabled(if: TestServer.isPossible)) struct TwoDatabasesTests {
  /// The catalogue's process and that of orders, each over its own database.
  private func withParts(
    _ body: (TwoDatabases, _ product: TestServer, _ order: TestServer) async throws -> Void
  ) async throws {
    let provider = try await PaymentProviderServer()
    try await TwoDatabases.with { databases in
      let product = try await TestServer.start(database: databases.product, settings: ["SHOP_ROLE": "product"])
      let order = try await TestServer.start(
        database: databases.order, settings: provider.settings.merging(["SHOP_ROLE": "order"]) { $1 })
      do {
        try await body(databases, product, order)
      } catch {
        await product.stop()
        await order.stop()
        throw error
      }
      await product.stop()
      await order.stop()
    }
    await provider.stop()
  }

  @Test func `a price that was changed in one database is charged in the other`() async throws {
    try await withParts { databases, product, order in
      let merchant = Merchant(product)
      let (mug, variants) = try await merchant.sell([Merchant.Goods("MUG", ["USD": 1_299], stock: 3)])
      let shopper = try await Shopper.enter(order)
      try await until("the offer has arrived") { try await shopper.add(variants[0]).status == 200 }
      try await shopper.fillIn()
      #expect(try await shopper.look()["lines", "0", "unit_price", "amount"] == "1299")

      try await merchant.price(variants[0], of: mug, at: 1_499)
      try await until("the new price has arrived") {
        try await shopper.look()["lines", "0", "unit_price", "amount"] == "1499"
      }
      try await until("the heartbeat has arrived") { try await shopper.complete(total: "1799")["code"] == "price_changed" }
      #expect(try await shopper.complete().status == 201)
      #expect(try databases.order.query("SELECT unit_price FROM sales.order_line") == ["1499"])
    }
  }

  @Test func `the last unit is out in the catalogue's database, too`() async throws {
    try await withParts { _, product, order in
      let variant = try await Merchant(product).sell(stock: 1)
      try await until("the stock is booked") {
        try await product.get("/v1/products/mug")["variants", "0", "availability"] == "low"
      }
      let shopper = try await Shopper.ready(at: order, variant)
      try await until("it is sold") { try await shopper.complete().status == 201 }
      try await until("it is out") {
        try await product.get("/v1/products/mug")["variants", "0", "availability"] == "out"
      }
    }
  }

  @Test func `nothing is sold by offers that are too old, and again once they are not`() async throws {
    try await withParts { databases, product, order in
      let variant = try await Merchant(product).sell(stock: 5)
      let shopper = try await Shopper.enter(order)
      try await until("the offer has arrived") { try await shopper.add(variant).status == 200 }
      try await shopper.fillIn()
      try databases.order.execute("ALTER SUBSCRIPTION shop_doors DISABLE")
      try databases.order.execute("UPDATE catalogue.heartbeat SET beaten_at = now() - interval '61 seconds'")
      try await until("checkout is refused") {
        let refused = try await shopper.complete(total: "1")
        return refused.status == 503 && refused["code"] == "unavailable" && refused.fields["retry-after"] != nil
      }
      #expect(try databases.order.query("SELECT count(*) FROM sales.orders") == ["0"])
      try databases.order.execute("ALTER SUBSCRIPTION shop_doors ENABLE")
      try await until("the offers are recent again") { try await shopper.complete().status == 201 }
    }
  }

  @Test func `a subscription that is made again misses nothing and books no stock twice`() async throws {
    try await withParts { databases, product, order in
      let merchant = Merchant(product)
      let (mug, variants) = try await merchant.sell([Merchant.Goods("MUG", ["USD": 1_299], stock: 7)])
      let shopper = try await Shopper.enter(order)
      try await until("the offer has arrived") { try await shopper.add(variants[0]).status == 200 }
      // As after a failover of the publisher: its slot is gone, and changes went on.
      try databases.order.execute("ALTER SUBSCRIPTION shop_doors DISABLE")
      try await merchant.price(variants[0], of: mug, at: 1_599)
      try databases.subscribeAgain()
      try await until("the price of meanwhile has arrived") {
        try await shopper.look()["lines", "0", "unit_price", "amount"] == "1599"
      }
      #expect(try databases.order.query("SELECT on_hand FROM sales.stock_level") == ["7"])
      #expect(try databases.order.query("SELECT count(*) FROM sales.stock_movement") == ["1"])
      let next = try await merchant.sell("CUP", for: 500, stock: 1)
      try await until("what came later has arrived") { try await shopper.add(next).status == 200 }
    }
  }

  @Test func `a process refuses a database of another part`() async throws {
    let database = try TestDatabase(role: "order")
    await #expect(throws: (any Error).self) {
      _ = try await TestServer.start(database: database, settings: ["SHOP_ROLE": "product"])
    }
  }

  @Test func `a database with rows keeps its part`() async throws {
    try await TestServer.with { shop in
      _ = try await Merchant(shop).sell(stock: 1)
      #expect(throws: TestFault.self) { try shop.database.execute("SELECT catalogue.configure_role('product')") }
    }
  }
}
