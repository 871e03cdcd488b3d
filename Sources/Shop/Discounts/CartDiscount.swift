/// A code in a cart, as it stands at present and in the cart's currency.
package struct CartDiscount: Hashable, Sendable {
  package let id: DiscountID
  package let code: DiscountCode
  package let value: Value
  /// Minor units that the lines must come to, before discounts.
  package let minimumSubtotal: Int64?
  package let startsAt: Timestamp?
  package let endsAt: Timestamp?
  package let isActive: Bool
  /// Others have used it as often as it may be used.
  package let isExhausted: Bool
  /// It is for once, and whoever has the cart's e-mail has had it.
  package let isSpent: Bool
  package let isCombinable: Bool

  package enum Value: Hashable, Sendable {
    case percentage(basisPoints: Int64)
    /// Minor units of the cart's currency.
    case amount(Int64)
    /// It is for carts in other currencies.
    case elsewhere
  }

  package init(
    id: DiscountID, code: DiscountCode, value: Value, minimumSubtotal: Int64? = nil, startsAt: Timestamp? = nil,
    endsAt: Timestamp? = nil, isActive: Bool = true, isExhausted: Bool = false, isSpent: Bool = false, isCombinable: Bool = false
  ) {
    self.id = id
    self.code = code
    self.value = value
    self.minimumSubtotal = minimumSubtotal
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.isActive = isActive
    self.isExhausted = isExhausted
    self.isSpent = isSpent
    self.isCombinable = isCombinable
  }

  /// Why it does not count, if so.
  ///
  /// - Parameters:
  ///   - subtotal: of the lines, before discounts.
  ///   - others: those before it that do count.
  func obstacle(subtotal: Int64, beside others: [CartDiscount], at now: Timestamp) -> Fault.Code? {
    if !isActive { return .discountUnknown }
    if let startsAt, now < startsAt { return .discountNotStarted }
    if let endsAt, now >= endsAt { return .discountExpired }
    if isExhausted { return .discountExhausted }
    if isSpent { return .discountSpent }
    if case .elsewhere = value { return .discountOtherCurrency }
    if let minimumSubtotal, subtotal < minimumSubtotal { return .discountBelowMinimum }
    if !others.isEmpty, !isCombinable || !others.allSatisfy(\.isCombinable) { return .discountNotCombinable }
    return nil
  }
}
