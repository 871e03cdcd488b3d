/// What was ordered, as it was on that day: later changes of the catalogue do not reach it. Amounts in minor units.
package struct OrderLine: Hashable, Sendable {
  /// The cart line's id.
  package let id: LineID
  package let variant: VariantID
  package let product: ProductID
  package let sku: SKU
  package let title: String
  package let options: [OptionValue]
  package let quantity: Int64
  package let unitAmount: Int64
  package let subtotal: Int64
  package let discount: Int64
  package let taxClass: TaxClass
  package let taxRate: TaxRate
  package let tax: Int64
  package let taxIncluded: Int64
  package let total: Int64
  package let requiresShipping: Bool
  package let cancelled: Int64
  package let fulfilled: Int64
  package let returned: Int64

  package init(
    id: LineID, variant: VariantID, product: ProductID, sku: SKU, title: String, options: [OptionValue], quantity: Int64,
    unitAmount: Int64, subtotal: Int64, discount: Int64, taxClass: TaxClass, taxRate: TaxRate, tax: Int64, taxIncluded: Int64,
    total: Int64,
    requiresShipping: Bool, cancelled: Int64 = 0, fulfilled: Int64 = 0, returned: Int64 = 0
  ) {
    self.id = id
    self.variant = variant
    self.product = product
    self.sku = sku
    self.title = title
    self.options = options
    self.quantity = quantity
    self.unitAmount = unitAmount
    self.subtotal = subtotal
    self.discount = discount
    self.taxClass = taxClass
    self.taxRate = taxRate
    self.tax = tax
    self.taxIncluded = taxIncluded
    self.total = total
    self.requiresShipping = requiresShipping
    self.cancelled = cancelled
    self.fulfilled = fulfilled
    self.returned = returned
  }

  /// The line that a priced cart line becomes; nil for one without an offer, which no plan contains.
  package init?(_ line: PricedLine) {
    guard let offer = line.offer else { return nil }
    self.init(
      id: line.line.id, variant: line.line.variant, product: offer.product, sku: offer.sku, title: offer.title,
      options: offer.options, quantity: line.line.quantity, unitAmount: line.unitAmount, subtotal: line.subtotal,
      discount: line.discount, taxClass: offer.taxClass, taxRate: line.taxRate, tax: line.tax, taxIncluded: line.taxIncluded,
      total: line.total, requiresShipping: offer.requiresShipping)
  }

  /// Neither sent nor cancelled yet.
  package var open: Int64 { quantity - cancelled - fulfilled }
}
