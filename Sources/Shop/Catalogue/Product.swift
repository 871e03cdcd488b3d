/// Something the shop offers, with the variants in which it can be bought.
package struct Product: Hashable, Sendable {
  package let id: ProductID
  package let handle: Handle
  package let title: String
  package let description: String
  package let status: ProductStatus
  /// Sorted by name.
  package let attributes: [Attribute]
  package let options: [ProductOption]
  package let categories: [CategorySummary]
  package let media: [MediaItem]
  package let variants: [Variant]
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
  /// Counts up with every change; the entity tag is made of it.
  package let version: Int64

  package init(
    id: ProductID, handle: Handle, title: String, description: String, status: ProductStatus, attributes: [Attribute],
    options: [ProductOption], categories: [CategorySummary], media: [MediaItem], variants: [Variant], createdAt: Timestamp,
    updatedAt: Timestamp, version: Int64
  ) {
    self.id = id
    self.handle = handle
    self.title = title
    self.description = description
    self.status = status
    self.attributes = attributes
    self.options = options
    self.categories = categories
    self.media = media
    self.variants = variants
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.version = version
  }

  /// The lowest and the highest price of a variant in one currency; nil when none has a price in it.
  package func priceRange(in currency: Currency) -> ClosedRange<Int64>? {
    let amounts = variants.compactMap { $0.price(in: currency)?.amount }
    guard let lowest = amounts.min(), let highest = amounts.max() else { return nil }
    return lowest...highest
  }
}
