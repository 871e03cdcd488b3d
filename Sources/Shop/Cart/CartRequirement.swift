/// What a cart needs before it can be completed; the raw value is the member of the cart.
package enum CartRequirement: String, CaseIterable, Sendable {
  case email
  case shippingAddress = "shipping_address"
  case shippingMethod = "shipping_method"

  package var pointer: String { "/" + rawValue }
}
