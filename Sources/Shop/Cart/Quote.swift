/// What a cart would cost and what stands in its way, at one moment.
package struct Quote: Hashable, Sendable {
  package let priced: PricedCart
  package let problems: [CartProblem]
  package let validUntil: Timestamp

  package init(
    lines: [OfferedLine], currency: Currency, tax: TaxZone, shipping: Int64, discounts: [CartDiscount] = [],
    now: Timestamp
  ) throws(ArithmeticOverflow) {
    priced = try Pricing.price(
      lines, currency: currency, tax: tax, shipping: shipping, discounting: Discounting(discounts, at: now))
    problems = CartProblem.all(in: lines) + priced.discountProblems
    validUntil = now.adding(seconds: CartLimits.quoteSeconds)
  }
}
