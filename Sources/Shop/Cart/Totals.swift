/// What a cart or an order costs, in minor units of one currency: `total = subtotal - discount + shipping + tax`.
package struct Totals: Hashable, Sendable {
  package let currency: Currency
  package let subtotal: Int64
  package let discount: Int64
  package let shipping: Int64
  /// On top of the prices; 0 where they contain it.
  package let tax: Int64
  /// Contained in the prices; 0 where it comes on top.
  package let taxIncluded: Int64
  package let total: Int64

  /// The total is worked out here and nowhere else.
  package init(
    currency: Currency, subtotal: Int64, discount: Int64, shipping: Int64, tax: Int64, taxIncluded: Int64
  ) throws(ArithmeticOverflow) {
    self.currency = currency
    self.subtotal = subtotal
    self.discount = discount
    self.shipping = shipping
    self.tax = tax
    self.taxIncluded = taxIncluded
    var sum = try Self.sum(subtotal, -discount)
    sum = try Self.sum(sum, shipping)
    total = try Self.sum(sum, tax)
  }

  /// From storage, where a constraint holds that they add up.
  package init(
    stored currency: Currency, subtotal: Int64, discount: Int64, shipping: Int64, tax: Int64, taxIncluded: Int64, total: Int64
  ) {
    self.currency = currency
    self.subtotal = subtotal
    self.discount = discount
    self.shipping = shipping
    self.tax = tax
    self.taxIncluded = taxIncluded
    self.total = total
  }

  package var money: Money { Money(total, currency) }

  static func sum(_ left: Int64, _ right: Int64) throws(ArithmeticOverflow) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow, sum.magnitude <= UInt64(Money.largestAmount) else { throw ArithmeticOverflow() }
    return sum
  }
}
