/// A line with its amounts in minor units: `total = subtotal - discount + tax`.
package struct PricedLine: Hashable, Sendable {
  package let line: CartLine
  package let offer: Offer?
  package let availability: Availability
  package let unitAmount: Int64
  package let subtotal: Int64
  package let discount: Int64
  package let taxRate: TaxRate
  /// On top; 0 where prices contain it.
  package let tax: Int64
  package let taxIncluded: Int64
  package let total: Int64

  package init(
    line: CartLine, offer: Offer?, availability: Availability, unitAmount: Int64, subtotal: Int64, discount: Int64,
    taxRate: TaxRate, tax: Int64, taxIncluded: Int64, total: Int64
  ) {
    self.line = line
    self.offer = offer
    self.availability = availability
    self.unitAmount = unitAmount
    self.subtotal = subtotal
    self.discount = discount
    self.taxRate = taxRate
    self.tax = tax
    self.taxIncluded = taxIncluded
    self.total = total
  }
}
