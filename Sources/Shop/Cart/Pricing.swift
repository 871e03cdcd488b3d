/// The one place where amounts are worked out: for the cart, the quote, checkout and the order alike.
package enum Pricing {
  /// What these lines cost.
  ///
  /// Tax is rounded half to even for each line, after the quantity, and for shipping, so that the lines on an invoice add up to
  /// its total. A line that has no price counts nothing; `CartProblem.all` names it.
  /// - Parameters:
  ///   - tax: how the destination taxes.
  ///   - shipping: minor units of the same currency; 0 while no method is chosen.
  package static func price(
    _ lines: [OfferedLine], currency: Currency, tax zone: TaxZone, shipping: Int64
  ) throws(ArithmeticOverflow) -> PricedCart {
    var priced: [PricedLine] = []
    priced.reserveCapacity(lines.count)
    var subtotal: Int64 = 0
    var tax: Int64 = 0
    var taxIncluded: Int64 = 0
    for line in lines {
      let result = try price(line, tax: zone)
      subtotal = try Totals.sum(subtotal, result.subtotal)
      tax = try Totals.sum(tax, result.tax)
      taxIncluded = try Totals.sum(taxIncluded, result.taxIncluded)
      priced.append(result)
    }
    var shippingTax: Int64 = 0
    if zone.taxesShipping {
      let rate = zone.rate(for: .standard)
      if zone.isInclusive {
        taxIncluded = try Totals.sum(taxIncluded, rate.within(shipping))
      } else {
        shippingTax = try rate.onTop(of: shipping)
        tax = try Totals.sum(tax, shippingTax)
      }
    }
    let totals = try Totals(
      currency: currency, subtotal: subtotal, discount: 0, shipping: shipping, tax: tax, taxIncluded: taxIncluded)
    return PricedCart(lines: priced, totals: totals, shippingTax: shippingTax)
  }

  private static func price(_ offered: OfferedLine, tax zone: TaxZone) throws(ArithmeticOverflow) -> PricedLine {
    let unit = offered.offer?.unitAmount ?? 0
    let (subtotal, overflow) = unit.multipliedReportingOverflow(by: offered.line.quantity)
    guard !overflow else { throw ArithmeticOverflow() }
    let rate = offered.offer.map { zone.rate(for: $0.taxClass) } ?? .zero
    let tax = zone.isInclusive ? 0 : try rate.onTop(of: subtotal)
    let taxIncluded = zone.isInclusive ? try rate.within(subtotal) : 0
    return PricedLine(
      line: offered.line, offer: offered.offer, availability: offered.availability, unitAmount: unit, subtotal: subtotal,
      discount: 0, taxRate: rate, tax: tax, taxIncluded: taxIncluded, total: try Totals.sum(subtotal, tax))
  }
}
