import TestSupport
import Testing

/// How much fits into a cart, how long it lives, and who sees it.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartLimitTests {
  /// Variants without a product, since only their offers count here: `var_…` of the number in the last places.
  private func offers(_ count: Int, at shop: TestServer) throws -> [String] {
    try shop.database.execute(
      """
      INSERT INTO catalogue.offer (variant_id, currency, product_id, sku, title, variant_title, options, unit_amount, tax_class,
                                   weight_g, requires_shipping, sellable)
      SELECT ('01900000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'USD', '01900000-0000-0000-0000-00000000000a',
             'SKU-' || n, 'Thing', 'No. ' || n, '{}', 100, 'standard', 10, true, true
        FROM generate_series(1, \(count)) n
      """)
    return try shop.database.query("SELECT variant_id FROM catalogue.offer ORDER BY 1").map { try WireID.text("var_", $0) }
  }

  @Test func `lines that are added at once do not make a cart longer than a hundred`() async throws {
    try await TestServer.with(settings: ["SHOP_DATABASE_POOL_WAIT_MS": "10000"]) { shop in
      let variants = try offers(103, at: shop)
      let shopper = try await Shopper.enter(shop)
      for variant in variants.prefix(95) { try await shopper.add(variant) }
      let statuses = try await withThrowingTaskGroup(of: Shopper.Reply.self) { group in
        for variant in variants.dropFirst(95) { group.addTask { try await shopper.add(variant) } }
        return try await group.reduce(into: [Int: Int]()) { counts, reply in
          if reply.status != 200 { #expect(reply["errors", "0", "code"] == "too_many", "\(reply.text)") }
          counts[Int(reply.status), default: 0] += 1
        }
      }
      #expect(statuses == [200: 5, 422: 3])
      #expect(try await shopper.look()["lines"] == "100 elements")
    }
  }

  @Test func `a cart has room for a hundred lines`() async throws {
    try await TestServer.with { shop in
      let variants = try offers(101, at: shop)
      let shopper = try await Shopper.enter(shop)
      for variant in variants.prefix(100) {
        let added = try await shopper.add(variant)
        #expect(added.status == 200, "\(added.text)")
      }
      let full = try await shopper.add(variants[100])
      #expect(full.status == 422)
      #expect(full["errors", "0", "pointer"] == "/variant_id")
      #expect(full["errors", "0", "code"] == "too_many")
      // More of what is there fits all the same, and a line that is taken out makes room.
      let more = try await shopper.add(variants[0])
      #expect(more["lines"] == "100 elements")
      #expect(more["totals", "subtotal"] == "10100")
      let line = try #require(more["lines", "50", "id"])
      #expect(try await shop.delete("\(shopper.cart)/lines/\(line)", shopper.fields)["lines"] == "99 elements")
      #expect(try await shopper.add(variants[100])["lines"] == "100 elements")
    }
  }

  @Test func `a line has from one to a thousand pieces, and none is no line`() async throws {
    try await TestServer.with { shop in
      let variants = try offers(2, at: shop)
      let shopper = try await Shopper.enter(shop)
      for quantity in [0, -1, 1_001] {
        let refused = try await shopper.add(variants[0], quantity)
        #expect(refused.status == 422)
        #expect(refused["errors", "0", "pointer"] == "/quantity")
      }
      let line = try #require(try await shopper.add(variants[0], 1)["lines", "0", "id"])
      try await shopper.add(variants[1], 1_000)
      #expect(try await shopper.change(line, to: 1_000)["lines", "0", "quantity"] == "1000")
      #expect(try await shopper.change(line, to: 1_001).status == 422)
      #expect(try await shopper.change(line, to: -1).status == 422)
      #expect(try await shopper.look()["totals", "subtotal"] == "200000")
      let without = try await shopper.change(line, to: 0)
      #expect(without["lines"] == "1 elements")
      #expect(without["lines", "0", "sku"] == "SKU-2")
      #expect(try await shopper.change(line, to: 0).status == 404)
    }
  }

  @Test func `a cart that is used lives on, and one that is left expires`() async throws {
    try await TestServer.with(settings: ["SHOP_CART_LIFETIME_S": "864000"]) { shop in
      let variants = try offers(1, at: shop)
      let shopper = try await Shopper.enter(shop)
      try shop.database.execute("UPDATE sales.cart SET expires_at = now() + interval '1 minute'")
      _ = try await shopper.look()
      let left = "SELECT expires_at > now() + interval '9 days' FROM sales.cart"
      #expect(try shop.database.query(left) == ["f"])
      try await shopper.add(variants[0])
      #expect(try shop.database.query(left) == ["t"])
      try shop.database.execute("UPDATE sales.cart SET expires_at = now() - interval '1 second'")
      let line = try #require(try await shopper.look()["lines", "0", "id"])
      #expect(try await shopper.look()["status"] == "expired")
      for refused in [
        try await shopper.add(variants[0]), try await shopper.change(line, to: 2), try await shopper.change(line, to: 0),
        try await shopper.put("email", #"{"email":"ann@example.com"}"#), try await shopper.hold(),
        try await shopper.quote(), try await shopper.shippingOptions(),
      ] {
        #expect(refused.status == 409)
        #expect(refused["code"] == "cart_closed")
      }
      // It may still be thrown away.
      #expect(try await shop.delete(shopper.cart, shopper.fields).status == 204)
      #expect(try await shopper.look().status == 404)
    }
  }

  @Test func `a stranger's cart is no different from one that is not there`() async throws {
    try await CheckoutScene.with { scene in
      let shop = scene.shop
      let variants = try offers(1, at: shop)
      let owner = try await Shopper.enter(shop)
      let line = try #require(try await owner.add(variants[0])["lines", "0", "id"])
      let stranger = try await Shopper.enter(shop)
      let nothing = "/v1/carts/cart_01j00000000000000000000000"
      let requests: [(method: String, rest: String, body: String?)] = [
        ("GET", "", nil), ("DELETE", "", nil), ("GET", "/quote", nil), ("GET", "/shipping-options", nil),
        ("POST", "/lines", #"{"variant_id":"\#(variants[0])","quantity":1}"#), ("PATCH", "/lines/\(line)", #"{"quantity":2}"#),
        ("DELETE", "/lines/\(line)", nil), ("PUT", "/email", #"{"email":"eve@example.com"}"#),
        ("PUT", "/shipping-address", PostalAddress.portland.json), ("PUT", "/billing-address", PostalAddress.portland.json),
        ("PUT", "/shipping-method", #"{"id":"standard"}"#), ("POST", "/holds", "{}"),
        (
          "POST", "/complete",
          #"{"expected_total":{"amount":100,"currency":"USD"},"payment":{"provider":"test","token":"tok_ok"}}"#
        ),
      ]
      for (method, rest, body) in requests {
        let fields = stranger.fields.merging(["Idempotency-Key": "a-key-for-\(method)\(rest.replacing("/", with: "-"))"]) { $1 }
        let foreign = try await shop.send(method, owner.cart + rest, body, fields)
        let unknown = try await shop.send(
          method, nothing + rest, body,
          fields.filter { $0.key != "Idempotency-Key" }
            .merging(["Idempotency-Key": "another-key-for-\(method)\(rest.replacing("/", with: "-"))"]) { $1 })
        #expect(foreign.status == 404, "\(method) \(rest): \(foreign.text)")
        #expect(told(foreign) == told(unknown), "\(method) \(rest)")
        #expect(foreign.fields.keys.sorted() == unknown.fields.keys.sorted())
      }
      #expect(try await owner.look()["version"] == "2")
    }
  }

  /// A problem without what names the request.
  private func told(_ reply: TestServer.Reply) -> String {
    reply.text.replacing(/"instance":"[^"]*"/, with: "").replacing(/"request_id":"[^"]*"/, with: "")
  }
}
