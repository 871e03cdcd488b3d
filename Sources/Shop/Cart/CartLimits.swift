/// The limits of a cart.
package enum CartLimits {
  package static let quantity: ClosedRange<Int64> = 1...1_000
  package static let lines = 100
  /// Of the id of a shipping method, in characters.
  package static let longestShippingMethod = 64
  /// How long a cart lives after its last change: 30 days.
  package static let lifetimeSeconds: Int64 = 30 * 86_400
  /// How long a quote is good for.
  package static let quoteSeconds: Int64 = 300
}
