/// All of a discount that may change; its code and its kind stay what they were.
package struct DiscountTerms: Hashable, Sendable {
  /// Of a percentage: within `DiscountLimits.basisPoints`.
  package var basisPoints: Int64?
  /// Of a fixed amount: what is taken off, one a currency.
  package var amounts: [Money] = []
  /// What the lines must come to before discounts, one a currency. A discount with amounts has them for each of its currencies or
  /// for none; one without is for the currencies named here, or for all.
  package var minimumSubtotals: [Money] = []
  package var startsAt: Timestamp?
  /// From then on it is over.
  package var endsAt: Timestamp?
  package var usageLimit: Int64?
  package var isOncePerCustomer = false
  /// Whether it may stand beside other codes in a cart.
  package var isCombinable = false
  package var status = DiscountStatus.active

  package init() {}
}
