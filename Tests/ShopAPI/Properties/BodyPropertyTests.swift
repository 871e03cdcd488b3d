import Foundation
import ShopService
import TestSupport
import Testing

/// Whatever body comes, on whatever route, the answer is one that the contract knows.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct BodyPropertyTests {
  private static let address =
    #"{"name":"Ann","line1":"1 Main St","line2":null,"city":"Portland","region":"OR","postal_code":"97201","country":"US","phone":null}"#

  /// What each route reads, by method and pattern; a route that is not here gets the others'.
  private static let samples = [
    "POST /v1/admin/products":
      #"{"title":"Mug","handle":null,"description":"x","status":"active","attributes":{"color":"red"},"options":[{"name":"size","values":["S","M"]}],"category_ids":["CATEGORY"],"media":[{"url":"https://img.test/1","alt":"One"}],"variants":[{"sku":"SKU","title":"S","options":{"size":"S"},"prices":[{"amount":1299,"currency":"USD","compare_at_amount":1499}],"tax_class":"standard","requires_shipping":true,"weight_g":1,"barcode":"1","stock":5}]}"#,
    "PATCH /v1/admin/products/{id}":
      #"{"title":"Mug","description":"x","status":"active","attributes":{"color":"red","fit":null},"category_ids":["CATEGORY"],"media":[{"url":"/1","alt":null}]}"#,
    "PUT /v1/admin/variants/{id}/prices":
      #"{"prices":[{"amount":1299,"currency":"USD","compare_at_amount":null},{"amount":1,"currency":"EUR"}]}"#,
    "POST /v1/admin/categories": #"{"title":"Cups","handle":null,"parent_id":"CATEGORY","position":1}"#,
    "PATCH /v1/admin/categories/{id}": #"{"title":"Cups","handle":"cups","parent_id":null,"position":1}"#,
    "POST /v1/admin/stock-adjustments": #"{"variant_id":"VARIANT","location_id":null,"delta":1,"reason":"x","reference":"PO-1"}"#,
    "POST /v1/carts": #"{"currency":"USD","country":"US"}"#,
    "POST /v1/carts/{id}/lines": #"{"variant_id":"VARIANT","quantity":1}"#,
    "PATCH /v1/carts/{id}/lines/{line_id}": #"{"quantity":2}"#,
    "PUT /v1/carts/{id}/email": #"{"email":"ann@example.com"}"#,
    "PUT /v1/carts/{id}/shipping-address": address,
    "PUT /v1/carts/{id}/billing-address": address,
    "PUT /v1/carts/{id}/shipping-method": #"{"id":"standard"}"#,
    "POST /v1/carts/{id}/complete":
      #"{"expected_total":{"amount":1799,"currency":"USD"},"payment":{"provider":"test","token":"tok_declined"}}"#,
    "POST /v1/carts/{id}/discount-codes": #"{"code":"SUMMER"}"#,
    "POST /v1/admin/discount-codes":
      #"{"code":"AUTUMN","kind":"fixed_amount","amounts":[{"amount":500,"currency":"USD"}],"minimum_subtotals":[{"amount":2000,"currency":"USD"}],"starts_at":"2026-01-01T00:00:00Z","ends_at":"2999-12-31T23:59:59.999Z","usage_limit":10,"once_per_customer":true,"combinable":true,"status":"active"}"#,
    "PATCH /v1/admin/discount-codes/{id}": #"{"basis_points":200,"usage_limit":null,"ends_at":null,"status":"disabled"}"#,
    "POST /v1/orders/{id}/cancellations": #"{"reason":"changed my mind"}"#,
  ]

  /// What the ids in paths and samples name, for one kind of caller.
  private struct Caller {
    let ids: [String: String]
    let fields: [String: String]

    /// The pattern's braces filled by what stands before them: `/products/{id}` has a product's id.
    func path(_ pattern: String) -> String {
      var filled: [String] = []
      for part in pattern.split(separator: "/").map(String.init) {
        filled.append(part.hasPrefix("{") ? ids[filled.last ?? ""] ?? "unknown" : part)
      }
      return "/" + filled.joined(separator: "/")
    }

    func body(_ sample: String) -> String {
      sample.replacing("CATEGORY", with: ids["categories"] ?? "").replacing("VARIANT", with: ids["variants"] ?? "")
    }
  }

  /// The shop's callers: an admin with a product of their own, and shoppers of another one.
  private struct Scene {
    let checkout: CheckoutScene
    let admin: Caller
    let sold: String
    let order: String

    init(_ checkout: CheckoutScene) async throws {
      self.checkout = checkout
      let merchant = checkout.merchant
      let (product, variants) = try await merchant.sell([Merchant.Goods("CUP", ["USD": 1_299])], title: "Cup")
      let category = try await checkout.shop.post("/v1/admin/categories", #"{"title":"Kitchen"}"#, merchant.fields)
      try await merchant.discount("SUMMER", #""kind":"percentage","basis_points":100"#)
      let discount = try await merchant.discount("WINTER", #""kind":"percentage","basis_points":100"#)
      admin = Caller(
        ids: [
          "products": product, "variants": variants[0], "categories": try #require(category["id"]),
          "discount-codes": try #require(discount["id"]),
        ],
        fields: merchant.fields.merging(["If-Match": "*"]) { $1 })
      sold = try await merchant.sell(stock: 1_000)
      order = try #require(try await checkout.readyShopper(sold).complete()["id"])
    }

    /// Who may call a route, by its access; a shopper comes with a cart that is ready to be completed.
    func caller(_ access: String) async throws -> Caller {
      switch access {
      case "admin": return admin
      case "anyone": return Caller(ids: [:], fields: [:])
      case "cartOrAdmin": return Caller(ids: ["orders": order], fields: checkout.merchant.fields)
      default:
        let shopper = try await checkout.readyShopper(sold)
        let line = try #require(try await shopper.look()["lines", "0", "id"])
        let cart = String(shopper.cart.dropFirst("/v1/carts/".count))
        return Caller(ids: ["carts": cart, "lines": line, "variants": sold], fields: shopper.fields)
      }
    }
  }

  @Test func `no body makes a route fail, and the shop goes on serving`() async throws {
    let routes = try RouteList.lines(.all).map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
      .filter { ["POST", "PUT", "PATCH"].contains($0[0]) }
    #expect(routes.count >= 16)
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { checkout in
      let scene = try await Scene(checkout)
      for route in routes {
        let (name, caller) = ("\(route[0]) \(route[1])", try await scene.caller(route[2]))
        var mutation = BodyMutation(name)
        var random = SeededGenerator(name)
        for number in 0..<80 {
          let sample = caller.body(Self.samples[name] ?? random.one(of: Self.samples.values.sorted()))
          // The first is the sample itself.
          let body = number == 0 ? Array(sample.utf8) : mutation.next(sample)
          let key = random.isHit(oneIn: 4) && number > 0 ? [:] : ["Idempotency-Key": "property-\(UUID().uuidString)"]
          let answer = try await answer(
            checkout.shop, route[0], caller.path(route[1]), body, caller.fields.merging(key) { $1 })
          let said =
            "\(name), seed \(SeededGenerator.seed), \(number): \(answer.status) \(answer.text.prefix(300)) to \(String(decoding: body.prefix(2_000), as: UTF8.self))"
          #expect(answer.status < 500, "\(said)")
          if answer.status >= 400 {
            #expect(answer["content-type"] == "application/problem+json", "\(said)")
            #expect(answer.text.contains(#""code":""#), "\(said)")
          }
          if number == 0, Self.samples[name] != nil {
            #expect([200, 201, 402, 409].contains(answer.status), "the sample does not reach the route: \(said)")
          }
        }
        #expect(try await checkout.shop.get("/health/live").status == 200)
      }
      #expect(try await checkout.shop.get("/v1/products?limit=100").status == 200)
      #expect(try checkout.database.query("SELECT count(*) FROM sales.orders") == ["1"])
    }
  }

  private func answer(
    _ shop: TestServer, _ method: String, _ path: String, _ body: [UInt8], _ fields: [String: String]
  ) async throws -> RawResponse {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nContent-Type: application/json\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    let request = Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
    let port = shop.port
    return try await onThread {
      let client = try RawClient(port: port, patience: 20)
      try client.send(request)
      return try client.response()
    }
  }
}
