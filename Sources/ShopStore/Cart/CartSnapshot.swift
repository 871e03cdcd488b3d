import Shop

/// A cart as it stands: its lines beside their offers, and the rates of its destination.
package struct CartSnapshot: Sendable {
  package let cart: Cart
  /// In the order of `cart.lines`.
  package let lines: [OfferedLine]
  package let tax: TaxZone
  /// The ways in which it can be sent; none while no country is known.
  package let shippingOptions: [ShippingOption]

  /// The chosen way, where it still takes this cart and something has to be sent.
  package var shipping: ShippingOption? {
    guard lines.contains(where: { $0.offer?.requiresShipping ?? true }) else { return nil }
    return shippingOptions.first { $0.id == cart.shippingMethod }
  }

  /// Refuses with `invalid` a cart that costs more than can be counted.
  package func priced() throws(Refusal) -> PricedCart {
    do throws(ArithmeticOverflow) {
      return try Pricing.price(lines, currency: cart.currency, tax: tax, shipping: shipping?.price.amount ?? 0)
    } catch {
      throw .invalid("/lines", .outOfRange, "This cart costs more than the shop can count.")
    }
  }

  package func quote(now: Timestamp) throws(Refusal) -> Quote {
    do throws(ArithmeticOverflow) {
      return try Quote(
        lines: lines, currency: cart.currency, tax: tax, shipping: shipping?.price.amount ?? 0, now: now)
    } catch {
      throw .invalid("/lines", .outOfRange, "This cart costs more than the shop can count.")
    }
  }
}
