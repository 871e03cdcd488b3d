/// What everything in a cart costs, line by line and in all.
package struct PricedCart: Hashable, Sendable {
  package let lines: [PricedLine]
  package let totals: Totals
  /// The part of `totals.tax` that is on shipping.
  package let shippingTax: Int64

  package init(lines: [PricedLine], totals: Totals, shippingTax: Int64) {
    self.lines = lines
    self.totals = totals
    self.shippingTax = shippingTax
  }
}
