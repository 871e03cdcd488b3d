/// The orders in which products are listed; ties go by id, in the same direction.
package enum ProductSort: String, CaseIterable, Sendable {
  case newest = "-created_at"
  case oldest = "created_at"
  case title
  case titleDescending = "-title"
  /// By the lowest price of its variants in the currency asked for.
  case price
  case priceDescending = "-price"

  package var isDescending: Bool { rawValue.utf8.first == UInt8(ascii: "-") }

  /// Whether a currency decides the order.
  package var isByPrice: Bool { self == .price || self == .priceDescending }
}
