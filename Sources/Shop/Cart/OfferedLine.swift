/// A cart's line beside what the catalogue and the stock say about it.
package struct OfferedLine: Hashable, Sendable {
  package let line: CartLine
  /// Nil when the variant is gone.
  package let offer: Offer?
  package let availability: Availability
  /// How many can be ordered in all, backorder included; nil where it was not asked.
  package let available: Int64?

  package init(line: CartLine, offer: Offer?, availability: Availability, available: Int64? = nil) {
    self.line = line
    self.offer = offer
    self.availability = availability
    self.available = available
  }
}
