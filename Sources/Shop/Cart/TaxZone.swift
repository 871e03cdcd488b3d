/// How one destination taxes.
package struct TaxZone: Hashable, Sendable {
  /// Whether prices contain the tax, as in the EU and the UK, or it comes on top, as in the US and Canada.
  package let isInclusive: Bool
  /// Whether shipping is taxed, at the standard rate.
  package let taxesShipping: Bool
  /// A class without a rate is taxed at the standard rate, never silently at none.
  package let rates: [TaxClass: TaxRate]

  package init(isInclusive: Bool, taxesShipping: Bool, rates: [TaxClass: TaxRate]) {
    self.isInclusive = isInclusive
    self.taxesShipping = taxesShipping
    self.rates = rates
  }

  /// Where no country is known yet, or the shop has no rates for it: no tax.
  package static let untaxed = TaxZone(isInclusive: false, taxesShipping: false, rates: [:])

  package func rate(for taxClass: TaxClass) -> TaxRate {
    if taxClass == .zero { return rates[.zero] ?? .zero }
    return rates[taxClass] ?? rates[.standard] ?? .zero
  }
}
