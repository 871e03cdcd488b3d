/// All that completing a cart is decided on, loaded under the locks that keep it true.
package struct CheckoutState: Sendable {
  package let cart: Cart
  /// The cart's lines, in order, with their offers.
  package let lines: [OfferedLine]
  /// Of the cart's destination.
  package let tax: TaxZone
  package let shippingOptions: [ShippingOption]
  /// Locked, of the lines' variants.
  package let levels: [StockLevel]
  /// The live holds that the cart has already.
  package let holds: [Allocation.Hold]

  package init(
    cart: Cart, lines: [OfferedLine], tax: TaxZone, shippingOptions: [ShippingOption], levels: [StockLevel],
    holds: [Allocation.Hold]
  ) {
    self.cart = cart
    self.lines = lines
    self.tax = tax
    self.shippingOptions = shippingOptions
    self.levels = levels
    self.holds = holds
  }
}
