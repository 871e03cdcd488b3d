import JSON
import Shop
import ShopStore

/// A cart on the wire, and what is derived from it.
struct CartView {
  let snapshot: CartSnapshot

  /// - Parameter token: told once, when the cart is made.
  func body(token: String? = nil) throws -> [UInt8] {
    let cart = snapshot.cart
    let priced = try snapshot.priced()
    var json = JSONWriter(capacity: 768 + 640 * priced.lines.count)
    json.beginObject()
    json.key("id")
    json.identifier(cart.id)
    if let token {
      json.key("token")
      json.string(token)
    }
    json.key("status")
    json.string(cart.status.rawValue)
    json.key("currency")
    json.currency(cart.currency)
    json.key("country")
    json.string(orNull: cart.country?.code)
    json.key("email")
    json.string(orNull: cart.email?.text)
    json.key("customer_id")
    json.identifier(orNull: cart.customer)
    json.key("shipping_address")
    AddressView.write(cart.shippingAddress, to: &json)
    json.key("billing_address")
    AddressView.write(cart.billingAddress, to: &json)
    json.key("shipping_method")
    writeMethod(to: &json)
    json.key("discount_codes")
    json.array(cart.discounts) { json, discount in json.string(discount.code.text) }
    Self.write(priced, CartProblem.all(in: snapshot.lines) + priced.discountProblems, linesFirst: true, to: &json)
    json.key("version")
    json.integer(cart.version)
    json.key("expires_at")
    json.timestamp(cart.expiresAt)
    json.key("created_at")
    json.timestamp(cart.createdAt)
    json.key("updated_at")
    json.timestamp(cart.updatedAt)
    json.endObject()
    return json.finish()
  }

  /// The chosen method: its title is null where it takes this cart no more.
  private func writeMethod(to json: inout JSONWriter) {
    guard let method = snapshot.cart.shippingMethod else { return json.null() }
    json.beginObject()
    json.key("id")
    json.string(method)
    json.key("title")
    json.string(orNull: snapshot.shippingOptions.first { $0.id == method }?.title)
    json.endObject()
  }

  func quote() throws -> [UInt8] {
    let quote = try snapshot.quote()
    var json = JSONWriter(capacity: 384 + 640 * quote.priced.lines.count)
    json.beginObject()
    Self.write(quote.priced, quote.problems, linesFirst: false, to: &json)
    json.key("valid_until")
    json.timestamp(quote.validUntil)
    json.endObject()
    return json.finish()
  }

  func shippingOptions() -> [UInt8] {
    var json = JSONWriter(capacity: 256)
    json.beginObject()
    json.key("data")
    json.beginArray()
    for option in snapshot.shippingOptions {
      json.beginObject()
      json.key("id")
      json.string(option.id)
      json.key("title")
      json.string(option.title)
      json.key("price")
      json.money(option.price)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.finish()
  }

  private static func write(
    _ priced: PricedCart, _ problems: [CartProblem], linesFirst: Bool, to json: inout JSONWriter
  ) {
    if !linesFirst {
      json.key("totals")
      TotalsView.write(priced.totals, to: &json)
    }
    json.key("lines")
    json.beginArray()
    for line in priced.lines { CartLineView.write(line, currency: priced.totals.currency, to: &json) }
    json.endArray()
    if linesFirst {
      json.key("totals")
      TotalsView.write(priced.totals, to: &json)
    }
    json.key("problems")
    json.beginArray()
    for problem in problems {
      json.beginObject()
      json.key("code")
      json.string(problem.code.rawValue)
      json.key("pointer")
      json.string(problem.pointer)
      json.key("available")
      if let available = problem.available { json.integer(available) } else { json.null() }
      json.endObject()
    }
    json.endArray()
  }
}
