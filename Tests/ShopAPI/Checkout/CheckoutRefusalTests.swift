import TestSupport
import Testing

/// What stands between a cart and its order, each with its own answer, and nothing charged.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CheckoutRefusalTests {
  @Test func `a cart that is not ready names everything that it lacks`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      let shopper = try await Shopper.enter(scene.shop)
      let empty = try await shopper.complete(total: "0")
      #expect(empty.status == 422)
      #expect(empty["code"] == "cart_empty")
      try await shopper.add(mug)
      let bare = try await shopper.complete()
      #expect(bare.status == 422)
      #expect(bare["code"] == "cart_incomplete")
      #expect(
        (0...3).map { bare["errors", "\($0)", "pointer"] } == ["/email", "/shipping_address", "/shipping_method", nil])
      try await shopper.put("email", #"{"email":"ann@example.com"}"#)
      try await shopper.put("shipping-address", PostalAddress.portland.json)
      let almost = try await shopper.complete()
      #expect((0...1).map { almost["errors", "\($0)", "pointer"] } == ["/shipping_method", nil])
      try await shopper.put("shipping-method", #"{"id":"standard"}"#)
      #expect(try await shopper.complete().status == 201)
    }
  }

  @Test func `a price that rose since the shopper looked is told, and the new one is paid when agreed to`() async throws {
    try await CheckoutScene.with { scene in
      let (product, variants) = try await scene.merchant.sell([.init("MUG", ["USD": 1_299])])
      let shopper = try await scene.readyShopper(variants[0])
      let seen = try #require(try await shopper.look()["totals", "total"])
      try await scene.merchant.price(variants[0], of: product, at: 1_499)
      let refused = try await shopper.complete(total: seen, key: "the-price-that-was-seen-first")
      #expect(refused.status == 409)
      #expect(refused["code"] == "price_changed")
      #expect(refused["current_total", "amount"] == "1999")
      #expect(refused["current_total", "currency"] == "USD")
      #expect(try scene.database.query("SELECT count(*) FROM sales.payment") == ["0"])
      // Another currency is another price.
      #expect(try await shopper.complete(total: "1999", currency: "EUR")["code"] == "price_changed")
      #expect(try await shopper.complete(total: "1999", key: "the-price-that-holds-now").status == 201)
    }
  }

  @Test func `what is not for sale any more cannot be ordered`() async throws {
    try await CheckoutScene.with { scene in
      let (product, variants) = try await scene.merchant.sell([.init("MUG", ["USD": 1_299])])
      let shopper = try await scene.readyShopper(variants[0])
      let archived = try await scene.shop.post("/v1/admin/products/\(product)/archive", "{}", scene.merchant.fields)
      #expect(archived.status == 200, "\(archived.text)")
      #expect(try await shopper.look()["problems", "0", "code"] == "not_sellable")
      let refused = try await shopper.complete(total: "1799")
      #expect(refused.status == 409)
      #expect(refused["code"] == "not_sellable")
      #expect(refused["errors", "0", "pointer"] == "/lines/0")
    }
  }

  @Test func `after a decline another token pays for the same cart`() async throws {
    try await CheckoutScene.with { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let declined = try await shopper.complete(paying: "tok_declined", key: "a-token-that-is-declined")
      #expect(declined.status == 402)
      #expect(declined["code"] == "payment_declined")
      #expect(try await shopper.look()["status"] == "active")
      let replayed = try await shopper.complete(paying: "tok_declined", key: "a-token-that-is-declined")
      #expect(replayed.status == 402)
      #expect(replayed.body == declined.body)
      #expect(replayed.fields["idempotency-replayed"] == "true")
      let order = try await shopper.complete(key: "a-token-that-pays-for-it")
      #expect(order.status == 201, "\(order.text)")
      #expect(
        try scene.database.query("SELECT state FROM sales.payment ORDER BY created_at") == ["failed", "authorized"])
      // Of the order only the payment that made it is told.
      #expect(order["payments"] == "1 elements")
      let read = try await scene.shop.get("/v1/orders/\(try #require(order["id"]))", shopper.fields)
      #expect(read["payments"] == "1 elements")
    }
  }

  @Test func `an expired cart is not ordered, and an ordered one takes no change`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 2)
      let late = try await scene.readyShopper(mug)
      let total = try #require(try await late.look()["totals", "total"])
      try scene.database.execute("UPDATE sales.cart SET expires_at = now() - interval '1 second'")
      let expired = try await late.complete(total: total)
      #expect(expired.status == 409)
      #expect(expired["code"] == "cart_closed")
      let buyer = try await scene.readyShopper(mug)
      let order = try #require(try await buyer.complete()["id"])
      for refused in [
        try await buyer.add(mug), try await buyer.put("email", #"{"email":"eve@example.com"}"#), try await buyer.quote(),
        try await scene.shop.delete(buyer.cart, buyer.fields),
      ] {
        #expect(refused.status == 409)
        #expect(refused["code"] == "cart_closed")
        #expect(refused["order_id"] == order, "\(refused.text)")
      }
    }
  }
}
