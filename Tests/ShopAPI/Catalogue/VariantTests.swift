import TestSupport
import Testing

/// Variants of a product that is sold already.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct VariantTests {
  /// A shirt in S and M, sold, in a shop.
  private struct Scene {
    let shop: TestServer
    let product: String
    let small: String
    let medium: String

    var merchant: Merchant { Merchant(shop) }

    func add(_ body: String, _ fields: [String: String] = [:]) async throws -> TestServer.Reply {
      try await shop.post("/v1/admin/products/\(product)/variants", body, merchant.fields.merging(fields) { $1 })
    }

    /// Changes a variant of the product as it is now.
    func change(_ variant: String, _ body: String) async throws -> TestServer.Reply {
      let tag = try await shop.get("/v1/admin/products/\(product)", merchant.fields).fields["etag"]
      return try await shop.patch(
        "/v1/admin/variants/\(variant)", body, merchant.fields.merging(["If-Match": tag ?? ""]) { $1 })
    }

    func page() async throws -> TestServer.Reply { try await shop.get("/v1/products/\(product)") }
  }

  private func scene(_ body: (Scene) async throws -> Void) async throws {
    try await TestServer.with { shop in
      let sold = try await Merchant(shop).sell([.init("S", ["USD": 1_000]), .init("M", ["USD": 1_000])], title: "Shirt")
      try await body(Scene(shop: shop, product: sold.product, small: sold.variants[0], medium: sold.variants[1]))
    }
  }

  @Test func `a variant that is added is sold at once`() async throws {
    try await scene { scene in
      // Kept in every cache.
      #expect(try await scene.page()["variants"] == "2 elements")
      let added = try await scene.add(
        #"{"sku":"L","options":{"kind":"L"},"prices":[{"amount":1200,"currency":"USD"}],"weight_g":300,"stock":2}"#)
      #expect(added.status == 201, "\(added.text)")
      #expect(added.fields["location"] == "/v1/admin/products/\(scene.product)")
      #expect(added.fields["etag"] == "\"2\"" && added["version"] == "2")
      #expect(added["options", "0", "values"] == "3 elements" && added["options", "0", "values", "2"] == "L")
      let page = try await scene.page()
      #expect(page["variants", "2", "title"] == "L" && page["variants", "2", "availability"] == "low", "\(page.text)")
      #expect(page["price_range", "max", "amount"] == "1200")
      let shopper = try await Shopper.enter(scene.shop)
      #expect(try await shopper.add(try #require(page["variants", "2", "id"]), 2)["totals", "subtotal"] == "2400")
      #expect(try await shopper.hold().status == 200)
    }
  }

  @Test func `a variant that is changed shows it at once`() async throws {
    try await scene { scene in
      let changed = try await scene.change(
        scene.small,
        #"{"sku":"XS","title":null,"options":{"kind":"XS"},"tax_class":"zero","requires_shipping":false,"weight_g":90,"barcode":"4006381333931"}"#
      )
      #expect(changed.status == 200, "\(changed.text)")
      let page = try await scene.page()
      #expect(page["variants", "0", "sku"] == "XS" && page["variants", "0", "title"] == "XS", "\(page.text)")
      #expect(page["variants", "0", "options", "kind"] == "XS" && page["options", "0", "values", "2"] == "XS")
      #expect(page["variants", "0", "tax_class"] == "zero" && page["variants", "0", "requires_shipping"] == "0")
      #expect(page["variants", "0", "weight_g"] == "90" && page["variants", "0", "barcode"] == "4006381333931")
      // What is sold follows in the same moment.
      let shopper = try await Shopper.enter(scene.shop)
      #expect(try await shopper.add(scene.small)["lines", "0", "sku"] == "XS")
      let cleared = try await scene.change(scene.small, #"{"weight_g":null,"barcode":null}"#)
      #expect(cleared["variants", "0", "weight_g"] == nil && cleared["variants", "0", "barcode"] == nil)
      #expect(cleared["version"] == "3")
      let same = try await scene.change(scene.small, #"{"sku":"XS","options":{"kind":"XS"},"status":"active"}"#)
      #expect(same.status == 200 && same["version"] == "3", "\(same.text)")
    }
  }

  @Test func `an archived variant is no longer sold, until it is brought back`() async throws {
    try await scene { scene in
      let early = try await Shopper.ready(at: scene.shop, scene.small)
      let archived = try await scene.change(scene.small, #"{"status":"archived"}"#)
      #expect(archived.status == 200 && archived["variants"] == "1 elements", "\(archived.text)")
      #expect(try await scene.page()["variants", "0", "sku"] == "M")
      let late = try await Shopper.enter(scene.shop).add(scene.small)
      #expect(late.status == 422 && late["errors", "0", "code"] == "not_sellable", "\(late.text)")
      #expect(try await early.quote()["problems", "0", "code"] == "not_sellable")
      let last = try await scene.change(scene.medium, #"{"status":"archived"}"#)
      #expect(last.status == 422 && last["errors", "0", "pointer"] == "/status", "\(last.text)")
      // Its options are taken as long as it is there.
      let twin = try await scene.add(#"{"sku":"S2","options":{"kind":"S"}}"#)
      #expect(twin.status == 422 && twin["errors", "0", "pointer"] == "/options", "\(twin.text)")
      #expect(try await scene.change(scene.small, #"{"status":"active"}"#)["variants"] == "2 elements")
      #expect(try await early.quote()["problems"] == "0 elements")
    }
  }

  @Test func `what cannot be is refused and changes nothing`() async throws {
    try await scene { scene in
      let taken = try await scene.add(#"{"sku":"M","options":{"kind":"L"}}"#)
      #expect(taken.status == 409 && taken["code"] == "sku_taken", "\(taken.text)")
      let renamed = try await scene.change(scene.small, #"{"sku":"M"}"#)
      #expect(renamed.status == 409 && renamed["code"] == "sku_taken")
      for (body, pointer) in [
        (#"{"sku":"L","options":{"kind":"M"}}"#, "/options"), (#"{"sku":"L"}"#, "/options/kind"),
        (#"{"sku":"L","options":{"kind":"L","fit":"slim"}}"#, "/options/fit"), (#"{"options":{"kind":"L"}}"#, "/sku"),
        (#"{"sku":"L","options":{"kind":"L"},"status":"active"}"#, "/status"),
      ] {
        let refused = try await scene.add(body)
        #expect(refused.status == 422 && refused["errors", "0", "pointer"] == pointer, "\(body): \(refused.text)")
      }
      for (body, pointer) in [
        (#"{"options":{"kind":"M"}}"#, "/options"), (#"{"sku":null}"#, "/sku"), (#"{"tax_class":"none"}"#, "/tax_class"),
        (#"{"status":"draft"}"#, "/status"), (#"{"weight_g":-1}"#, "/weight_g"), (#"{"prices":[]}"#, "/prices"),
        (#"{"requires_shipping":null}"#, "/requires_shipping"),
      ] {
        let refused = try await scene.change(scene.small, body)
        #expect(refused.status == 422 && refused["errors", "0", "pointer"] == pointer, "\(body): \(refused.text)")
      }
      let stale = try await scene.add(#"{"sku":"L","options":{"kind":"L"}}"#, ["If-Match": "\"7\""])
      #expect(stale.status == 412)
      let path = "/v1/admin/variants/\(scene.small)"
      #expect(try await scene.shop.patch(path, #"{"sku":"X"}"#, scene.merchant.fields).status == 428)
      #expect(try await scene.shop.patch(path, #"{"sku":"X"}"#).status == 401)
      let nobody = scene.merchant.fields.merging(["If-Match": "*"]) { $1 }
      #expect(try await scene.shop.patch("/v1/admin/variants/\(scene.product)", "{}", nobody).status == 404)
      #expect(try await scene.shop.post("/v1/admin/products/\(scene.small)/variants", #"{"sku":"X"}"#, nobody).status == 404)
      let product = try await scene.shop.get("/v1/admin/products/\(scene.product)", scene.merchant.fields)
      #expect(product["version"] == "1" && product["options", "0", "values"] == "2 elements", "\(product.text)")
    }
  }
}
