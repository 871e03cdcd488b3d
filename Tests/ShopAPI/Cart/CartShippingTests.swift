import TestSupport
import Testing

/// Which ways of sending a cart has, by weight and country.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartShippingTests {
  private func options(_ shopper: Shopper) async throws -> [String] {
    let reply = try await shopper.shippingOptions()
    #expect(reply.status == 200, "\(reply.text)")
    var options: [String] = []
    while let id = reply["data", "\(options.count)", "id"] {
      options.append("\(id) \(reply["data", "\(options.count)", "price", "amount"] ?? "")")
    }
    return options
  }

  @Test func `the heavier the cart, the dearer and the fewer its ways`() async throws {
    try await TestServer.with { shop in
      let anvil = try await Merchant(shop).sell([.init("ANVIL", ["USD": 4_500], weight: 1_900)]).variants[0]
      let shopper = try await Shopper.enter(shop)
      let line = try #require(try await shopper.add(anvil)["lines", "0", "id"])
      #expect(try await options(shopper) == ["standard 500", "express 1500"])
      try await shopper.fillIn(method: "express")
      for (quantity, ways) in [
        (2, ["standard 900", "express 2500"]), (5, ["standard 900", "express 2500"]), (6, ["standard 1900"]),
        (15, ["standard 1900"]), (16, []),
      ] {
        try await shopper.change(line, to: quantity)
        #expect(try await options(shopper) == ways, "\(quantity) pieces")
      }
      // What was chosen before takes this cart no more: it is named without a title, costs nothing and completes nothing.
      let cart = try await shopper.look()
      #expect(cart["shipping_method", "id"] == "express")
      #expect(cart["shipping_method", "title"] == nil)
      #expect(cart["totals", "shipping"] == "0")
      let chosen = try await shopper.put("shipping-method", #"{"id":"standard"}"#)
      #expect(chosen.status == 422)
      #expect(chosen["errors", "0", "pointer"] == "/id")
    }
  }

  @Test func `each country has the rates of its zone, and the address decides over what was said before`() async throws {
    try await TestServer.with { shop in
      let ring = try await Merchant(shop).sell([.init("RING", ["USD": 4_500], weight: 10)]).variants[0]
      for (country, ways) in [
        ("US", ["standard 500", "express 1500"]), ("DE", ["standard 600", "express 1800"]),
        ("CA", ["standard 800", "express 2400"]), ("NZ", ["standard 1500", "express 4500"]),
      ] {
        let shopper = try await Shopper.enter(shop, country: country)
        try await shopper.add(ring)
        #expect(try await options(shopper) == ways, "\(country)")
        try await shopper.put("shipping-address", PostalAddress.portland.json)
        #expect(try await options(shopper) == ["standard 500", "express 1500"])
      }
      let nowhere = try await Shopper.enter(shop, country: nil)
      try await nowhere.add(ring)
      #expect(try await options(nowhere) == [])
      #expect(try await nowhere.put("shipping-method", #"{"id":"standard"}"#).status == 422)
    }
  }

  @Test func `where nothing is sent there is no way, and nothing can be completed`() async throws {
    try await CheckoutScene.with { scene in
      try scene.database.execute("DELETE FROM sales.shipping_rate WHERE zone_id = 'world'")
      let ring = try await scene.merchant.sell("RING", stock: 9)
      let shopper = try await Shopper.enter(scene.shop, country: "BR")
      try await shopper.add(ring)
      #expect(try await options(shopper) == [])
      try await shopper.put("email", #"{"email":"ann@example.com"}"#)
      try await shopper.put(
        "shipping-address", PostalAddress(city: "Recife", postalCode: "50010-000", country: "BR").json)
      let refused = try await shopper.complete()
      #expect(refused.status == 422)
      #expect(refused["code"] == "cart_incomplete")
      #expect(refused["errors", "0", "pointer"] == "/shipping_method")
    }
  }

  @Test func `what is not sent needs no way and weighs nothing`() async throws {
    try await CheckoutScene.with { scene in
      let song = try await scene.merchant.sell([
        .init("SONG", ["USD": 99], weight: 90_000, requiresShipping: false)
      ]).variants[0]
      let shopper = try await Shopper.enter(scene.shop)
      try await shopper.add(song)
      try await shopper.put("email", #"{"email":"ann@example.com"}"#)
      let order = try await shopper.complete()
      #expect(order.status == 201, "\(order.text)")
      #expect(order["totals", "shipping"] == "0")
      #expect(order["shipping_method", "id"] == nil)
    }
  }
}
