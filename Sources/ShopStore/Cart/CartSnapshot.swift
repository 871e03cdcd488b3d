import Shop

/// A cart as it stands: its lines beside their offers, and the rates of its destination.
package struct CartSnapshot: Sendable {
  package let cart: Cart
  /// In the order of `cart.lines`.
  package let lines: [OfferedLine]
  package let tax: TaxZone
  /// The ways in which it can be sent; none while no country is known.
  package let shippingOptions: [ShippingOption]
  /// When it stood so: what a discount code is worth depends on it.
  package let now: Timestamp

  /// The chosen way, where it still takes this cart and something has to be sent.
  package var shipping: ShippingOption? {
    guard lines.contains(where: { $0.offer?.requiresShipping ?? true }) else { return nil }
    return shippingOptions.first { $0.id == cart.shippingMethod }
  }

  /// Refuses with `invalid` a cart that costs more than can be counted.
  package func priced() throws(Refusal) -> PricedCart {
    try Self.counted { () throws(ArithmeticOverflow) in
      try Pricing.price(
        lines, currency: cart.currency, tax: tax, shipping: shipping?.price.amount ?? 0,
        discounting: Discounting(cart.discounts, at: now))
    }
  }

  /// What each line costs before discounts and tax; refuses as `priced`.
  func subtotals() throws(Refusal) -> [Int64] {
    try Self.counted { () throws(ArithmeticOverflow) in try Pricing.subtotals(of: lines) }
  }

  /// Refuses as `priced`.
  package func quote() throws(Refusal) -> Quote {
    try Self.counted { () throws(ArithmeticOverflow) in
      try Quote(
        lines: lines, currency: cart.currency, tax: tax, shipping: shipping?.price.amount ?? 0,
        discounts: cart.discounts, now: now)
    }
  }

  private static func counted<Value>(_ count: () throws(ArithmeticOverflow) -> Value) throws(Refusal) -> Value {
    do throws(ArithmeticOverflow) {
      return try count()
    } catch {
      throw .invalid("/lines", .outOfRange, "This cart costs more than the shop can count.")
    }
  }
}
