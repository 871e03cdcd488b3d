/// A product that may be made: everything in it has been checked, except what only the database knows (taken SKUs and handles,
/// categories that do not exist).
package struct NewProduct: Hashable, Sendable {
  package let title: String
  package let handle: Handle
  /// False when the handle was made from the title: a taken one may then get a suffix instead of a refusal.
  package let isHandleGiven: Bool
  package let description: String
  package let status: ProductStatus
  package let attributes: [Attribute]
  package let options: [ProductOption]
  package let categories: [CategoryID]
  package let media: [MediaItem]
  package let variants: [NewVariant]

  package init(
    title: String, handle: Handle, isHandleGiven: Bool, description: String, status: ProductStatus, attributes: [Attribute],
    options: [ProductOption], categories: [CategoryID], media: [MediaItem], variants: [NewVariant]
  ) {
    self.title = title
    self.handle = handle
    self.isHandleGiven = isHandleGiven
    self.description = description
    self.status = status
    self.attributes = attributes
    self.options = options
    self.categories = categories
    self.media = media
    self.variants = variants
  }
}

/// A variant that may be made, as a part of a `NewProduct`.
package struct NewVariant: Hashable, Sendable {
  package let sku: SKU
  package let title: String
  package let options: [OptionValue]
  package let prices: [Price]
  package let taxClass: TaxClass
  package let requiresShipping: Bool
  package let weightGrams: Int64?
  package let barcode: String?
  /// On hand at the default location from the start.
  package let stock: Int64

  package init(
    sku: SKU, title: String, options: [OptionValue], prices: [Price], taxClass: TaxClass = .standard,
    requiresShipping: Bool = true, weightGrams: Int64? = nil, barcode: String? = nil, stock: Int64 = 0
  ) {
    self.sku = sku
    self.title = title
    self.options = options
    self.prices = prices
    self.taxClass = taxClass
    self.requiresShipping = requiresShipping
    self.weightGrams = weightGrams
    self.barcode = barcode
    self.stock = stock
  }
}
