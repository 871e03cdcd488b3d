import Foundation
import TestSupport

/// One write that the shop takes, ready to be sent: once, again, and differently.
struct WriteCase: Sendable {
  let method: String
  let path: String
  let body: String?
  /// Another body that the path takes, too.
  let other: String
  let fields: [String: String]
  /// Counts what the write does: one more afterwards, however often it is sent.
  let effect: String

  func send(to shop: any ServedShop, _ body: String?, key: String?) async throws -> TestServer.Reply {
    try await shop.send(method, path, body, key.map { fields.merging(["Idempotency-Key": $0]) { $1 } } ?? fields)
  }

  /// The same write with more fields.
  func with(_ more: [String: String]) -> WriteCase {
    WriteCase(
      method: method, path: path, body: body, other: other, fields: fields.merging(more) { $1 }, effect: effect)
  }

  /// Sets the scene for a write of this route.
  typealias Preparation = @Sendable (CheckoutScene) async throws -> WriteCase

  /// By method and pattern, as `shop routes` prints them.
  static let all: [String: Preparation] = carts.merging(catalogue) { $1 }.merging(discounts) { $1 }
}

// MARK: Carts and orders

extension WriteCase {
  private static let cartVersions = "SELECT sum(version) FROM sales.cart"

  private static let carts: [String: Preparation] = [
    "POST /v1/carts": { _ in
      WriteCase(
        method: "POST", path: "/v1/carts", body: #"{"currency":"USD"}"#, other: #"{"currency":"EUR"}"#, fields: [:],
        effect: "SELECT count(*) FROM sales.cart")
    },
    "DELETE /v1/carts/{id}": { scene in
      try await ready(scene, "DELETE", effect: "SELECT count(*) FROM sales.cart WHERE state = 'expired'")
    },
    "POST /v1/carts/{id}/lines": { scene in
      let variant = try await scene.merchant.sell(UUID().uuidString, stock: 9)
      return try await ready(
        scene, "POST", "/lines", #"{"variant_id":"\#(variant)","quantity":1}"#,
        other: #"{"variant_id":"\#(variant)","quantity":2}"#, effect: "SELECT sum(quantity) FROM sales.cart_line")
    },
    "PATCH /v1/carts/{id}/lines/{line_id}": { scene in
      try await ready(
        scene, "PATCH", "/lines/{line}", #"{"quantity":3}"#, other: #"{"quantity":4}"#, effect: cartVersions)
    },
    "DELETE /v1/carts/{id}/lines/{line_id}": { scene in
      try await ready(scene, "DELETE", "/lines/{line}", effect: cartVersions)
    },
    "PUT /v1/carts/{id}/email": { scene in
      try await ready(
        scene, "PUT", "/email", #"{"email":"bob@example.com"}"#, other: #"{"email":"eve@example.com"}"#, effect: cartVersions)
    },
    "PUT /v1/carts/{id}/shipping-address": { scene in
      try await ready(
        scene, "PUT", "/shipping-address", PostalAddress.portland.json, other: PostalAddress.salem.json, effect: cartVersions)
    },
    "PUT /v1/carts/{id}/billing-address": { scene in
      try await ready(
        scene, "PUT", "/billing-address", PostalAddress.portland.json, other: PostalAddress.salem.json, effect: cartVersions)
    },
    "PUT /v1/carts/{id}/shipping-method": { scene in
      try await ready(
        scene, "PUT", "/shipping-method", #"{"id":"standard"}"#, other: #"{"id":"express"}"#, effect: cartVersions)
    },
    "POST /v1/carts/{id}/discount-codes": { scene in
      let (code, other) = (UUID().uuidString, UUID().uuidString)
      for code in [code, other] { try await scene.merchant.discount(code, #""kind":"percentage","basis_points":100"#) }
      return try await ready(
        scene, "POST", "/discount-codes", #"{"code":"\#(code)"}"#, other: #"{"code":"\#(other)"}"#,
        effect: "SELECT count(*) FROM sales.cart_discount_code")
    },
    "DELETE /v1/carts/{id}/discount-codes/{code}": { scene in
      let code = UUID().uuidString
      try await scene.merchant.discount(code, #""kind":"percentage","basis_points":100"#)
      let write = try await ready(scene, "DELETE", "/discount-codes/\(code)", effect: cartVersions)
      let cart = write.path.replacing("/discount-codes/\(code)", with: "")
      let given = try await scene.shop.post(cart + "/discount-codes", #"{"code":"\#(code)"}"#, write.fields)
      guard given.status == 200 else { throw TestFault(given.text) }
      return write
    },
    "POST /v1/carts/{id}/holds": { scene in
      try await ready(scene, "POST", "/holds", effect: "SELECT count(*) FROM sales.reservation")
    },
    "POST /v1/carts/{id}/complete": { scene in
      func body(_ token: String) -> String {
        #"{"expected_total":{"amount":{total},"currency":"USD"},"payment":{"provider":"test","token":"\#(token)"}}"#
      }
      return try await ready(
        scene, "POST", "/complete", body("tok_ok"), other: body("tok_declined"),
        effect: "SELECT count(*) FROM sales.orders")
    },
    "POST /v1/orders/{id}/cancellations": { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(UUID().uuidString, stock: 9))
      guard let order = try await shopper.complete()["id"] else { throw TestFault("no order") }
      return WriteCase(
        method: "POST", path: "/v1/orders/\(order)/cancellations", body: #"{"reason":"changed my mind"}"#, other: "{}",
        fields: shopper.fields, effect: "SELECT count(*) FROM sales.order_event WHERE to_status = 'cancelled'")
    },
  ]

  /// A write to a cart that could be ordered.
  private static func ready(
    _ scene: CheckoutScene, _ method: String, _ path: String = "", _ body: String? = nil, other: String = "{}",
    effect: String
  ) async throws -> WriteCase {
    let shopper = try await scene.readyShopper(try await scene.merchant.sell(UUID().uuidString, stock: 9))
    let cart = try await shopper.look()
    guard let line = cart["lines", "0", "id"], let total = cart["totals", "total"] else { throw TestFault(cart.text) }
    return WriteCase(
      method: method, path: shopper.cart + path.replacing("{line}", with: line), body: body?.replacing("{total}", with: total),
      other: other.replacing("{total}", with: total), fields: shopper.fields, effect: effect)
  }
}

// MARK: Discounts

extension WriteCase {
  private static let discounts: [String: Preparation] = [
    "POST /v1/admin/discount-codes": { scene in
      admin(
        scene, "POST", "/discount-codes", #"{"code":"\#(UUID().uuidString)","kind":"percentage","basis_points":100}"#,
        other: #"{"code":"\#(UUID().uuidString)","kind":"percentage","basis_points":100}"#,
        effect: "SELECT count(*) FROM sales.discount_code")
    },
    "PATCH /v1/admin/discount-codes/{id}": { scene in
      let made = try await scene.merchant.discount(UUID().uuidString, #""kind":"percentage","basis_points":100"#)
      guard let discount = made["id"] else { throw TestFault(made.text) }
      return admin(
        scene, "PATCH", "/discount-codes/\(discount)", #"{"basis_points":200}"#, other: #"{"basis_points":300}"#,
        if: made.fields["etag"], effect: "SELECT sum(version) FROM sales.discount_code")
    },
  ]
}

// MARK: The catalogue and its stock

extension WriteCase {
  private static let productVersions = "SELECT sum(version) FROM catalogue.product"

  private static let catalogue: [String: Preparation] = [
    "POST /v1/admin/products": { scene in
      admin(
        scene, "POST", "/products", #"{"title":"Cup","variants":[{"sku":"\#(UUID().uuidString)"}]}"#,
        other: #"{"title":"Cup","variants":[{"sku":"\#(UUID().uuidString)"}]}"#,
        effect: "SELECT count(*) FROM catalogue.product")
    },
    "PATCH /v1/admin/products/{id}": { scene in
      let product = try await product(scene)
      return admin(
        scene, "PATCH", "/products/\(product.id)", #"{"title":"Cup"}"#, other: #"{"title":"Jug"}"#, if: product.tag,
        effect: productVersions)
    },
    "POST /v1/admin/products/{id}/archive": { scene in
      admin(scene, "POST", "/products/\(try await product(scene).id)/archive", effect: productVersions)
    },
    "POST /v1/admin/products/{id}/variants": { scene in
      let product = try await product(scene)
      return admin(
        scene, "POST", "/products/\(product.id)/variants", #"{"sku":"\#(UUID().uuidString)","options":{"kind":"other"}}"#,
        other: #"{"sku":"\#(UUID().uuidString)","options":{"kind":"third"}}"#,
        effect: "SELECT count(*) FROM catalogue.variant")
    },
    "PATCH /v1/admin/variants/{id}": { scene in
      let product = try await product(scene)
      return admin(
        scene, "PATCH", "/variants/\(product.variant)", #"{"weight_g":5}"#, other: #"{"weight_g":6}"#, if: product.tag,
        effect: productVersions)
    },
    "PUT /v1/admin/variants/{id}/prices": { scene in
      let product = try await product(scene)
      return admin(
        scene, "PUT", "/variants/\(product.variant)/prices", #"{"prices":[{"amount":5,"currency":"EUR"}]}"#,
        other: #"{"prices":[]}"#, if: product.tag, effect: productVersions)
    },
    "POST /v1/admin/categories": { scene in
      admin(
        scene, "POST", "/categories", #"{"title":"\#(UUID().uuidString)"}"#, other: #"{"title":"\#(UUID().uuidString)"}"#,
        effect: "SELECT count(*) FROM catalogue.category")
    },
    "PATCH /v1/admin/categories/{id}": { scene in
      let made = try await scene.shop.post(
        "/v1/admin/categories", #"{"title":"\#(UUID().uuidString)"}"#, scene.merchant.fields)
      guard let category = made["id"] else { throw TestFault(made.text) }
      return admin(
        scene, "PATCH", "/categories/\(category)", #"{"title":"Cups"}"#, other: #"{"title":"Jugs"}"#,
        if: made.fields["etag"], effect: "SELECT sum(version) FROM catalogue.category")
    },
    "POST /v1/admin/stock-adjustments": { scene in
      let variant = try await product(scene).variant
      return admin(
        scene, "POST", "/stock-adjustments", #"{"variant_id":"\#(variant)","delta":1,"reason":"received"}"#,
        other: #"{"variant_id":"\#(variant)","delta":2,"reason":"received"}"#,
        effect: "SELECT sum(on_hand) FROM sales.stock_level")
    },
  ]

  private static func product(_ scene: CheckoutScene) async throws -> (id: String, variant: String, tag: String?) {
    let sku = UUID().uuidString
    let made = try await scene.merchant.sell([Merchant.Goods(sku, ["USD": 1_299], stock: 9)], title: sku)
    let found = try await scene.shop.get("/v1/admin/products/\(made.product)", scene.merchant.fields)
    return (made.product, made.variants[0], found.fields["etag"])
  }

  private static func admin(
    _ scene: CheckoutScene, _ method: String, _ path: String, _ body: String? = nil, other: String = "{}", if tag: String? = nil,
    effect: String
  ) -> WriteCase {
    var fields = scene.merchant.fields
    fields["If-Match"] = tag
    return WriteCase(
      method: method, path: "/v1/admin" + path, body: body, other: other, fields: fields, effect: effect)
  }
}
