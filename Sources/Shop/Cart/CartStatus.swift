/// The life of a cart.
package enum CartStatus: String, CaseIterable, Sendable {
  case active
  /// A payment for it is under way; it takes no changes.
  case completing
  case ordered
  /// Became part of a customer's cart.
  case merged
  case expired
}
