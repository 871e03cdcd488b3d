/// How a discount is reckoned.
package enum DiscountKind: String, CaseIterable, Sendable {
  /// A share of what is left to pay for the lines.
  case percentage
  /// So much off the lines in all, in each currency that has an amount.
  case fixedAmount = "fixed_amount"
}
