import TestSupport
import Testing

/// What carts cost, worked out by hand from the rates that migrations seed.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartPricingTests {
  private func cart(
    _ goods: [(Merchant.Goods, Int)], _ currency: String, at address: PostalAddress,
    _ body: (Shopper, TestServer.Reply) async throws -> Void
  ) async throws {
    try await TestServer.with { shop in
      let variants = try await Merchant(shop).sell(goods.map(\.0)).variants
      let shopper = try await Shopper.enter(shop, currency: currency, country: address.country)
      for (variant, quantity) in zip(variants, goods.map(\.1)) {
        let added = try await shopper.add(variant, quantity)
        #expect(added.status == 200, "\(added.text)")
      }
      try await body(shopper, try await shopper.fillIn(address: address))
    }
  }

  private func expect(
    _ reply: TestServer.Reply, subtotal: Int, shipping: Int, tax: Int, taxIncluded: Int, total: Int,
    location: SourceLocation = #_sourceLocation
  ) {
    let told = ["subtotal", "discount", "shipping", "tax", "tax_included", "total"].map { reply["totals", $0] ?? "none" }
    #expect(told == [subtotal, 0, shipping, tax, taxIncluded, total].map { "\($0)" }, sourceLocation: location)
  }

  @Test func `in Germany prices contain the tax, each line and the shipping its own`() async throws {
    let berlin = PostalAddress(city: "Berlin", postalCode: "10115", country: "DE")
    try await cart(
      [
        (.init("LAMP", ["EUR": 1_999], weight: 300), 3), (.init("BOOK", ["EUR": 749], weight: 300, taxClass: "reduced"), 2),
      ], "EUR", at: berlin
    ) { shopper, cart in
      // 59.97 at 19 % contains 9.575 (half a cent and a bit: 9.58), 14.98 at 7 % 0.98, 6.00 of shipping at 19 % 0.96.
      expect(cart, subtotal: 7_495, shipping: 600, tax: 0, taxIncluded: 1_152, total: 8_095)
      #expect(cart["lines", "0", "subtotal", "amount"] == "5997")
      #expect(cart["lines", "0", "total", "amount"] == "5997")
      #expect(cart["lines", "1", "total", "amount"] == "1498")
      #expect(cart["lines", "1", "total", "currency"] == "EUR")
      let quote = try await shopper.quote()
      expect(quote, subtotal: 7_495, shipping: 600, tax: 0, taxIncluded: 1_152, total: 8_095)
    }
  }

  @Test func `in Britain prices contain the tax, and what is zero-rated has none`() async throws {
    let leeds = PostalAddress(city: "Leeds", postalCode: "LS1 1UR", country: "GB")
    try await cart([(.init("PEN", ["GBP": 1_250]), 1), (.init("BUN", ["GBP": 333], taxClass: "zero"), 3)], "GBP", at: leeds) {
      // 12.50 at 20 % contains 2.083, 4.00 of shipping 0.667.
      expect($1, subtotal: 2_249, shipping: 400, tax: 0, taxIncluded: 275, total: 2_649)
    }
  }

  @Test func `in California tax comes on top, rounded half to even for each line`() async throws {
    let fresno = PostalAddress(city: "Fresno", region: "CA", postalCode: "93650", country: "US")
    let goods = [("CAP", 1_010, 1), ("HAT", 3_335, 2), ("PIN", 200, 1)].map {
      (Merchant.Goods($0.0, ["USD": $0.1], weight: 100), $0.2)
    }
    try await cart(goods, "USD", at: fresno) { _, cart in
      // 7.25 % of 10.10 is 0.732, of 66.70 is 4.836, of 2.00 is 0.145 (even: 0.14), of 5.00 for shipping 0.3625.
      expect(cart, subtotal: 7_880, shipping: 500, tax: 607, taxIncluded: 0, total: 8_987)
      #expect((0...2).map { cart["lines", "\($0)", "tax", "amount"] } == ["73", "484", "14"])
      #expect((0...2).map { cart["lines", "\($0)", "total", "amount"] } == ["1083", "7154", "214"])
    }
  }

  @Test func `in Quebec both taxes come on top of what groceries are spared`() async throws {
    let montreal = PostalAddress(city: "Montréal", region: "QC", postalCode: "H2X 1Y4", country: "CA")
    try await cart(
      [(.init("VASE", ["CAD": 1_995]), 2), (.init("TEA", ["CAD": 449], taxClass: "reduced"), 3)], "CAD", at: montreal
    ) {
      // 14.975 % of 39.90 is 5.975, of 11.20 for shipping 1.677.
      expect($1, subtotal: 5_337, shipping: 1_120, tax: 766, taxIncluded: 0, total: 7_223)
    }
  }

  @Test func `a yen has no parts`() async throws {
    let osaka = PostalAddress(city: "大阪市", postalCode: "530-0001", country: "JP")
    try await cart(
      [(.init("FAN", ["JPY": 1_980]), 3), (.init("MISO", ["JPY": 1_080], taxClass: "reduced"), 1)], "JPY", at: osaka
    ) {
      // 5,940 at 10 % contains 540, 1,080 at 8 % 80, 2,250 of shipping 204.5.
      expect($1, subtotal: 7_020, shipping: 2_250, tax: 0, taxIncluded: 825, total: 9_270)
    }
  }

  @Test func `a cart always costs what the shop asks now`() async throws {
    try await TestServer.with { shop in
      let merchant = Merchant(shop)
      let (product, variants) = try await merchant.sell([.init("MUG", ["USD": 1_000])])
      let shopper = try await Shopper.enter(shop)
      #expect(try await shopper.add(variants[0], 2)["lines", "0", "unit_price", "amount"] == "1000")
      let changed = try await merchant.price(variants[0], of: product, at: 1_100)
      #expect(changed.status == 200, "\(changed.text)")
      let cart = try await shopper.look()
      #expect(cart["lines", "0", "unit_price", "amount"] == "1100")
      #expect(cart["totals", "subtotal"] == "2200")
      #expect(try await shopper.quote()["totals", "subtotal"] == "2200")
      // No price in the cart's currency any more: told, and not counted.
      try await merchant.price(variants[0], of: product, at: 900, "EUR")
      let unpriced = try await shopper.look()
      #expect(unpriced["totals", "subtotal"] == "0", "\(unpriced.text)")
      #expect(["not_priced", "not_sellable"].contains(unpriced["problems", "0", "code"]))
      #expect(unpriced["problems", "0", "pointer"] == "/lines/0")
    }
  }
}
