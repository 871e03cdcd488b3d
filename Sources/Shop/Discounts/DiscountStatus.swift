/// Whether a discount can be had.
package enum DiscountStatus: String, CaseIterable, Sendable {
  case active
  /// To shoppers as if it had never been.
  case disabled
}
