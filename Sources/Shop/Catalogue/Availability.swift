/// What the public may know of a variant's stock: never a count.
package enum Availability: String, CaseIterable, Sendable {
  case inStock = "in_stock"
  case low
  case out
  /// Nothing on hand, but more is on its way and may be ordered.
  case backorder

  /// At most this many left is `low`, unless the stock level says otherwise.
  package static let lowThreshold: Int64 = 5

  /// - Parameters:
  ///   - available: on hand less reserved, over all locations; below zero when sold on backorder.
  ///   - backorderLimit: how far below zero it may go.
  package init(available: Int64, backorderLimit: Int64, lowThreshold: Int64 = Self.lowThreshold) {
    if available > lowThreshold {
      self = .inStock
    } else if available > 0 {
      self = .low
    } else {
      self = available + backorderLimit > 0 ? .backorder : .out
    }
  }

  /// Whether at least one can be ordered now.
  package var canBeOrdered: Bool { self != .out }
}
