/// What the catalogue says about a variant in the cart's currency: the sales side's door to it.
package struct Offer: Hashable, Sendable {
  package let variant: VariantID
  package let product: ProductID
  package let sku: SKU
  /// As a line shows it.
  package let title: String
  package let options: [OptionValue]
  /// Minor units of the cart's currency; nil when there is no price in it.
  package let unitAmount: Int64?
  package let taxClass: TaxClass
  /// Whether product and variant are for sale now.
  package let isSellable: Bool
  package let requiresShipping: Bool
  package let weightGrams: Int64?

  package init(
    variant: VariantID, product: ProductID, sku: SKU, title: String, options: [OptionValue], unitAmount: Int64?,
    taxClass: TaxClass, isSellable: Bool, requiresShipping: Bool = true, weightGrams: Int64? = nil
  ) {
    self.variant = variant
    self.product = product
    self.sku = sku
    self.title = title
    self.options = options
    self.unitAmount = unitAmount
    self.taxClass = taxClass
    self.isSellable = isSellable
    self.requiresShipping = requiresShipping
    self.weightGrams = weightGrams
  }

  package var canBePriced: Bool { isSellable && unitAmount != nil }
}
