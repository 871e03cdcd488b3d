/// What everything in a cart costs, line by line and in all.
package struct PricedCart: Hashable, Sendable {
  package let lines: [PricedLine]
  package let totals: Totals
  /// The part of `totals.tax` that is on shipping.
  package let shippingTax: Int64
  /// The codes that `totals.discount` is made of.
  package let discounts: [Discounting.Taken]
  /// Codes that take nothing off now, and why.
  package let discountProblems: [CartProblem]

  package init(
    lines: [PricedLine], totals: Totals, shippingTax: Int64, discounts: [Discounting.Taken], discountProblems: [CartProblem]
  ) {
    self.lines = lines
    self.totals = totals
    self.shippingTax = shippingTax
    self.discounts = discounts
    self.discountProblems = discountProblems
  }
}
