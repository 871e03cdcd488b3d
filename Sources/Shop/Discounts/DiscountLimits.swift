/// The limits of discounts.
package enum DiscountLimits {
  /// In a cart.
  package static let codesPerCart = 5
  /// Hundredths of a percent: from 0.01 % to all of it.
  package static let basisPoints: ClosedRange<Int64> = 1...10_000
  package static let amounts: ClosedRange<Int64> = 1...Money.highestPrice
  package static let usageLimits: ClosedRange<Int64> = 1...1_000_000_000
  /// Of amounts in different currencies.
  package static let currencies = 50
}
