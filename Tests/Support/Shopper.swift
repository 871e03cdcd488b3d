import Foundation

/// Someone with a cart in a shop, doing over HTTP what a storefront does for them.
package struct Shopper: Sendable {
  package typealias Reply = TestServer.Reply

  package let shop: any ServedShop
  /// The path of the cart.
  package let cart: String
  package let token: String

  package init(shop: any ServedShop, cart: String, token: String) {
    self.shop = shop
    self.cart = cart
    self.token = token
  }

  package var fields: [String: String] { ["Shop-Cart-Token": token] }

  package static func enter(
    _ shop: any ServedShop, currency: String = "USD", country: String? = "US"
  ) async throws -> Shopper {
    let countryMember = country.map { #","country":"\#($0)""# } ?? ""
    let made = try await shop.post("/v1/carts", #"{"currency":"\#(currency)"\#(countryMember)}"#)
    guard made.status == 201, let cart = made.fields["location"], let token = made["token"] else {
      throw TestFault("no cart: \(made.text)")
    }
    return Shopper(shop: shop, cart: cart, token: token)
  }

  /// The same shopper at another process of the shop.
  package func at(_ shop: any ServedShop) -> Shopper { Shopper(shop: shop, cart: cart, token: token) }

  // MARK: The cart

  @discardableResult
  package func add(_ variant: String, _ quantity: Int = 1) async throws -> Reply {
    try await shop.post(cart + "/lines", #"{"variant_id":"\#(variant)","quantity":\#(quantity)}"#, fields)
  }

  @discardableResult
  package func change(_ line: String, to quantity: Int) async throws -> Reply {
    try await shop.patch("\(cart)/lines/\(line)", #"{"quantity":\#(quantity)}"#, fields)
  }

  /// Sets a part of the cart: `put("email", …)`.
  @discardableResult
  package func put(_ part: String, _ body: String) async throws -> Reply {
    try await shop.put("\(cart)/\(part)", body, fields)
  }

  /// Gives a discount code.
  @discardableResult
  package func give(_ code: String) async throws -> Reply {
    try await shop.post(cart + "/discount-codes", #"{"code":"\#(code)"}"#, fields)
  }

  package func takeBack(_ code: String) async throws -> Reply {
    try await shop.delete("\(cart)/discount-codes/\(code)", fields)
  }

  package func look() async throws -> Reply { try await shop.get(cart, fields) }
  package func quote() async throws -> Reply { try await shop.get(cart + "/quote", fields) }
  package func shippingOptions() async throws -> Reply { try await shop.get(cart + "/shipping-options", fields) }

  /// Gives all that an order needs; the cart as it then is.
  @discardableResult
  package func fillIn(
    email: String = "ann@example.com", address: PostalAddress = .portland, method: String = "standard"
  ) async throws -> Reply {
    let replies = [
      try await put("email", #"{"email":"\#(email)"}"#), try await put("shipping-address", address.json),
      try await put("shipping-method", #"{"id":"\#(method)"}"#),
    ]
    for reply in replies where reply.status != 200 { throw TestFault("the cart is not ready: \(reply.text)") }
    return replies[2]
  }

  // MARK: Checkout

  package func hold() async throws -> Reply { try await shop.post(cart + "/holds", "{}", fields) }

  /// - Parameter total: what the shopper agrees to pay; nil is what the cart says now.
  package func complete(
    paying payment: String = "tok_ok", total: String? = nil, currency: String = "USD", key: String = UUID().uuidString
  ) async throws -> Reply {
    var total = total
    if total == nil { total = try await look()["totals", "total"] }
    guard let total else { throw TestFault("the cart has no total") }
    return try await shop.post(
      cart + "/complete",
      #"{"expected_total":{"amount":\#(total),"currency":"\#(currency)"},"payment":{"provider":"test","token":"\#(payment)"}}"#,
      fields.merging(["Idempotency-Key": key]) { $1 })
  }
}

/// An address as it is sent.
package struct PostalAddress: Sendable {
  package var name = "Ann Archer"
  package var line1 = "1 Main St"
  package var city: String
  package var region: String?
  package var postalCode: String
  package var country: String

  package init(city: String, region: String? = nil, postalCode: String, country: String) {
    self.city = city
    self.region = region
    self.postalCode = postalCode
    self.country = country
  }

  /// In Oregon, which taxes nothing.
  package static let portland = PostalAddress(city: "Portland", region: "OR", postalCode: "97201", country: "US")
  package static let salem = PostalAddress(city: "Salem", region: "OR", postalCode: "97301", country: "US")

  package var json: String {
    let region = region.map { "\"\($0)\"" } ?? "null"
    return
      #"{"name":"\#(name)","line1":"\#(line1)","line2":null,"city":"\#(city)","region":\#(region),"postal_code":"\#(postalCode)","country":"\#(country)","phone":null}"#
  }
}
