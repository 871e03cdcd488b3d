/// So many of one variant in a cart. No price: the shop prices, always anew.
package struct CartLine: Hashable, Sendable {
  package let id: LineID
  package let variant: VariantID
  /// Within `CartLimits.quantity`.
  package let quantity: Int64

  package init(id: LineID, variant: VariantID, quantity: Int64) {
    self.id = id
    self.variant = variant
    self.quantity = quantity
  }
}
