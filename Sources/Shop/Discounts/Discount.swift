/// A discount that shoppers get by a code: what the merchant says of it.
package struct Discount: Hashable, Sendable {
  package let id: DiscountID
  package let code: DiscountCode
  package let kind: DiscountKind
  package let terms: DiscountTerms
  /// By orders, and by carts that are being paid for.
  package let used: Int64
  /// Of what the merchant says: a use is no change.
  package let version: Int64
  package let createdAt: Timestamp
  package let updatedAt: Timestamp

  package init(
    id: DiscountID, code: DiscountCode, kind: DiscountKind, terms: DiscountTerms, used: Int64, version: Int64,
    createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.code = code
    self.kind = kind
    self.terms = terms
    self.used = used
    self.version = version
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
