/// The decisions of `POST /carts/{id}/complete`, before and after the payment provider.
package enum Checkout {
  /// Decides whether this cart becomes an order, and of what.
  ///
  /// In this order: `checkout_in_progress` or `cart_closed`; `cart_empty`; `cart_incomplete`; `not_sellable`; `price_changed`
  /// when the total is not the one that the shopper agreed to, currency included; `out_of_stock`.
  package static func decide(_ state: CheckoutState, expected: Money, now: Timestamp) throws(Refusal) -> CheckoutPlan {
    try state.cart.checkOpen(at: now)
    guard !state.lines.isEmpty else { throw .cartEmpty }
    let ships = state.lines.contains { $0.offer?.requiresShipping ?? true }
    let shipping = ships ? state.shippingOptions.first { $0.id == state.cart.shippingMethod } : nil
    var missing = state.cart.requirements(ships: ships)
    // A method that no longer takes this cart is as good as none.
    if ships, shipping == nil, !missing.contains(.shippingMethod) { missing.append(.shippingMethod) }
    guard missing.isEmpty, let email = state.cart.email else { throw .cartIncomplete(missing) }
    try checkSellable(state.lines)
    let priced = try priced(state, shipping: shipping, now: now)
    guard priced.totals.money == expected else { throw .priceChanged(current: priced.totals.money) }
    let allocation = try Allocation.allocate(state.cart.lines, levels: state.levels, own: state.holds)
    return CheckoutPlan(email: email, priced: priced, shipping: shipping, allocation: allocation)
  }

  /// Decides which holds serve the lines of an open cart, before anybody pays for it.
  ///
  /// In this order: `cart_empty`; `not_sellable`; `out_of_stock`.
  /// - Parameter own: the live holds that the cart has already.
  package static func hold(
    _ lines: [OfferedLine], levels: [StockLevel], own: [Allocation.Hold]
  ) throws(Refusal) -> Allocation {
    guard !lines.isEmpty else { throw .cartEmpty }
    try checkSellable(lines)
    return try Allocation.allocate(lines.map(\.line), levels: levels, own: own)
  }

  private static func checkSellable(_ lines: [OfferedLine]) throws(Refusal) {
    var faults: [Fault] = []
    for (index, line) in lines.enumerated() where !(line.offer?.canBePriced ?? false) {
      let isForSale = line.offer?.isSellable ?? false
      faults.append(
        isForSale
          ? Fault("/lines/\(index)", .notPriced, "It has no price in this currency any more.")
          : Fault("/lines/\(index)", .notSellable, "It is not for sale any more."))
    }
    guard faults.isEmpty else { throw .notSellable(faults) }
  }

  private static func priced(_ state: CheckoutState, shipping: ShippingOption?, now: Timestamp) throws(Refusal) -> PricedCart {
    do throws(ArithmeticOverflow) {
      return try Pricing.price(
        state.lines, currency: state.cart.currency, tax: state.tax, shipping: shipping?.price.amount ?? 0,
        discounting: Discounting(state.cart.discounts, at: now))
    } catch {
      throw .invalid("/expected_total", .outOfRange, "This cart costs more than the shop can count.")
    }
  }
}
