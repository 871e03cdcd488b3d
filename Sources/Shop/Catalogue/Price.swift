/// What one unit of a variant costs in one currency.
package struct Price: Hashable, Sendable {
  /// Minor units, 0 to `Money.highestPrice`.
  package let amount: Int64
  package let currency: Currency
  /// The crossed-out price beside it, above `amount`.
  package let compareAtAmount: Int64?

  package init(amount: Int64, currency: Currency, compareAtAmount: Int64? = nil) {
    self.amount = amount
    self.currency = currency
    self.compareAtAmount = compareAtAmount
  }

  package var money: Money { Money(amount, currency) }
}
