import Foundation

/// Whoever holds the shop's admin key, changing what it sells over HTTP.
package struct Merchant: Sendable {
  package typealias Reply = TestServer.Reply

  /// A variant to be sold.
  package struct Goods: Sendable {
    package var sku: String
    /// Minor units by currency.
    package var prices: [String: Int]
    package var stock: Int
    package var weight: Int?
    package var taxClass: String
    package var requiresShipping: Bool

    package init(
      _ sku: String, _ prices: [String: Int], stock: Int = 1_000, weight: Int? = nil, taxClass: String = "standard",
      requiresShipping: Bool = true
    ) {
      self.sku = sku
      self.prices = prices
      self.stock = stock
      self.weight = weight
      self.taxClass = taxClass
      self.requiresShipping = requiresShipping
    }

    fileprivate var json: String {
      let prices = prices.map { #"{"amount":\#($0.value),"currency":"\#($0.key)"}"# }.joined(separator: ",")
      let weight = weight.map { #""weight_g":\#($0),"# } ?? ""
      return
        #"{"sku":"\#(sku)","title":"\#(sku)","options":{"kind":"\#(sku)"},"prices":[\#(prices)],\#(weight)"tax_class":"\#(taxClass)","requires_shipping":\#(requiresShipping),"stock":\#(stock)}"#
    }
  }

  package let shop: any ServedShop
  package let fields = ["Authorization": "Bearer \(TestServer.adminKey)"]

  package init(_ shop: any ServedShop) { self.shop = shop }

  /// Puts a product with these variants on sale; it and their ids, in the order of `goods`.
  @discardableResult
  package func sell(_ goods: [Goods], title: String = "Mug") async throws -> (product: String, variants: [String]) {
    let values = goods.map { "\"\($0.sku)\"" }.joined(separator: ",")
    let made = try await shop.post(
      "/v1/admin/products",
      #"{"title":"\#(title)","status":"active","options":[{"name":"kind","values":[\#(values)]}],"variants":[\#(goods.map(\.json).joined(separator: ","))]}"#,
      fields)
    guard made.status == 201, let product = made["id"] else { throw TestFault("no product: \(made.text)") }
    return (product, goods.indices.compactMap { made["variants", "\($0)", "id"] })
  }

  /// A product of one variant in US dollars; the variant's id.
  package func sell(_ sku: String = "MUG", for amount: Int = 1_299, stock: Int) async throws -> String {
    try await sell([Goods(sku, ["USD": amount], stock: stock)]).variants[0]
  }

  @discardableResult
  package func change(_ product: String, _ body: String) async throws -> Reply {
    try await shop.patch("/v1/admin/products/\(product)", body, try await ifUnchanged(product))
  }

  @discardableResult
  package func price(_ variant: String, of product: String, at amount: Int, _ currency: String = "USD") async throws -> Reply {
    try await shop.put(
      "/v1/admin/variants/\(variant)/prices", #"{"prices":[{"amount":\#(amount),"currency":"\#(currency)"}]}"#,
      try await ifUnchanged(product))
  }

  @discardableResult
  package func adjust(_ variant: String, by delta: Int) async throws -> Reply {
    try await shop.post(
      "/v1/admin/stock-adjustments", #"{"variant_id":"\#(variant)","delta":\#(delta),"reason":"received"}"#,
      fields.merging(["Idempotency-Key": UUID().uuidString]) { $1 })
  }

  /// Makes a discount code of these members: `discount("SUMMER10", …)`.
  @discardableResult
  package func discount(_ code: String, _ members: String) async throws -> Reply {
    let made = try await propose(code, members)
    guard made.status == 201 else { throw TestFault("no discount: \(made.text)") }
    return made
  }

  /// Asks for a discount code, which may be refused.
  package func propose(_ code: String, _ members: String) async throws -> Reply {
    try await shop.post("/v1/admin/discount-codes", #"{"code":"\#(code)",\#(members)}"#, fields)
  }

  private func ifUnchanged(_ product: String) async throws -> [String: String] {
    let found = try await shop.get("/v1/admin/products/\(product)", fields)
    guard let tag = found.fields["etag"] else { throw TestFault("no such product: \(found.text)") }
    return fields.merging(["If-Match": tag]) { $1 }
  }
}
