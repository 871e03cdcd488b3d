/// What is bought: one combination of a product's options, with its SKU, prices and stock.
package struct Variant: Hashable, Sendable {
  package let id: VariantID
  package let product: ProductID
  package let sku: SKU
  package let title: String
  /// In the order of the product's options.
  package let options: [OptionValue]
  /// One a currency, in order of currency.
  package let prices: [Price]
  package let taxClass: TaxClass
  package let requiresShipping: Bool
  package let weightGrams: Int64?
  package let barcode: String?
  package let availability: Availability

  package init(
    id: VariantID, product: ProductID, sku: SKU, title: String, options: [OptionValue], prices: [Price], taxClass: TaxClass,
    requiresShipping: Bool, weightGrams: Int64?, barcode: String?, availability: Availability
  ) {
    self.id = id
    self.product = product
    self.sku = sku
    self.title = title
    self.options = options
    self.prices = prices
    self.taxClass = taxClass
    self.requiresShipping = requiresShipping
    self.weightGrams = weightGrams
    self.barcode = barcode
    self.availability = availability
  }

  package func price(in currency: Currency) -> Price? {
    prices.first { $0.currency == currency }
  }
}
