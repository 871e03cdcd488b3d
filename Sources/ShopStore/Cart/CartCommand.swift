import Shop

/// One change of a cart.
package enum CartCommand: Sendable {
  /// The same variant adds up in its line.
  case addLine(VariantID, quantity: Int64)
  /// 0 removes the line.
  case setLine(LineID, quantity: Int64)
  case removeLine(LineID)
  case email(EmailAddress)
  case shippingAddress(Address)
  case billingAddress(Address)
  /// Checked against what takes the cart before it is written.
  case shippingMethod(String)
  /// Checked against what the cart has before it is written; again changes nothing.
  case addDiscount(DiscountCode)
  case removeDiscount(DiscountCode)
}
