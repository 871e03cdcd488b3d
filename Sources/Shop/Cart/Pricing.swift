/// The one place where amounts are worked out: for the cart, the quote, checkout and the order alike.
package enum Pricing {
  /// What these lines cost.
  ///
  /// Tax is on what is left after discounts, rounded half to even for each line, after the quantity, and for shipping, so that the lines on an invoice add up to
  /// its total. A line that has no price counts nothing; `CartProblem.all` names it.
  /// - Parameters:
  ///   - tax: how the destination taxes.
  ///   - shipping: minor units of the same currency; 0 while no method is chosen. No discount is on it.
  package static func price(
    _ lines: [OfferedLine], currency: Currency, tax zone: TaxZone, shipping: Int64, discounting: Discounting = .none
  ) throws(ArithmeticOverflow) -> PricedCart {
    var priced: [PricedLine] = []
    priced.reserveCapacity(lines.count)
    let discounted = try discounting.applied(to: try subtotals(of: lines))
    var subtotal: Int64 = 0
    var discount: Int64 = 0
    var tax: Int64 = 0
    var taxIncluded: Int64 = 0
    for (line, off) in zip(lines, discounted.perLine) {
      let result = try price(line, discount: off, tax: zone)
      subtotal = try Totals.sum(subtotal, result.subtotal)
      discount = try Totals.sum(discount, off)
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
      currency: currency, subtotal: subtotal, discount: discount, shipping: shipping, tax: tax, taxIncluded: taxIncluded)
    return PricedCart(
      lines: priced, totals: totals, shippingTax: shippingTax, discounts: discounted.taken, discountProblems: discounted.problems)
  }

  /// What each line costs before discounts and tax.
  package static func subtotals(of lines: [OfferedLine]) throws(ArithmeticOverflow) -> [Int64] {
    var subtotals: [Int64] = []
    subtotals.reserveCapacity(lines.count)
    for line in lines { subtotals.append(try subtotal(of: line)) }
    return subtotals
  }

  private static func subtotal(of line: OfferedLine) throws(ArithmeticOverflow) -> Int64 {
    let (subtotal, overflow) = (line.offer?.unitAmount ?? 0).multipliedReportingOverflow(by: line.line.quantity)
    guard !overflow else { throw ArithmeticOverflow() }
    return subtotal
  }

  private static func price(
    _ offered: OfferedLine, discount: Int64, tax zone: TaxZone
  ) throws(ArithmeticOverflow) -> PricedLine {
    let unit = offered.offer?.unitAmount ?? 0
    let subtotal = try subtotal(of: offered)
    let net = try Totals.sum(subtotal, -discount)
    let rate = offered.offer.map { zone.rate(for: $0.taxClass) } ?? .zero
    let tax = zone.isInclusive ? 0 : try rate.onTop(of: net)
    let taxIncluded = zone.isInclusive ? try rate.within(net) : 0
    return PricedLine(
      line: offered.line, offer: offered.offer, availability: offered.availability, unitAmount: unit, subtotal: subtotal,
      discount: discount, taxRate: rate, tax: tax, taxIncluded: taxIncluded, total: try Totals.sum(net, tax))
  }
}
