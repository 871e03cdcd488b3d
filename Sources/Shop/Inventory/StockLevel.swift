/// How many of a variant are at one location.
package struct StockLevel: Hashable, Sendable {
  package let variant: VariantID
  package let location: LocationID
  package let onHand: Int64
  /// Held for carts and orders.
  package var reserved: Int64
  /// How many may be sold beyond what is on hand.
  package let backorderLimit: Int64
  package let version: Int64

  package init(
    variant: VariantID, location: LocationID, onHand: Int64, reserved: Int64, backorderLimit: Int64, version: Int64 = 1
  ) {
    self.variant = variant
    self.location = location
    self.onHand = onHand
    self.reserved = reserved
    self.backorderLimit = backorderLimit
    self.version = version
  }

  /// On hand less reserved; below zero when sold on backorder.
  package var available: Int64 { onHand - reserved }

  /// How many more can be held.
  package var canHold: Int64 { max(onHand + backorderLimit - reserved, 0) }

  /// The most that a level takes, so that sums stay far from overflow.
  package static let highest: Int64 = 1_000_000_000
}
