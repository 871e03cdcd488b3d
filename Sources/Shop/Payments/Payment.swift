/// One attempt to be paid for a cart, with its counters in minor units.
package struct Payment: Hashable, Sendable {
  package let id: PaymentID
  package let cart: CartID
  package let order: OrderID?
  /// The name of the provider: `test`.
  package let provider: String
  package let status: PaymentStatus
  package let amount: Money
  package let authorized: Int64
  package let captured: Int64
  package let refunded: Int64
  package let voided: Int64
  /// What the shopper must do, while the status is `requires_action`.
  package let nextAction: NextAction?
  package let createdAt: Timestamp
  package let version: Int64

  package init(
    id: PaymentID, cart: CartID, order: OrderID?, provider: String, status: PaymentStatus, amount: Money, authorized: Int64 = 0,
    captured: Int64 = 0, refunded: Int64 = 0, voided: Int64 = 0, nextAction: NextAction? = nil, createdAt: Timestamp,
    version: Int64 = 1
  ) {
    self.id = id
    self.cart = cart
    self.order = order
    self.provider = provider
    self.status = status
    self.amount = amount
    self.authorized = authorized
    self.captured = captured
    self.refunded = refunded
    self.voided = voided
    self.nextAction = nextAction
    self.createdAt = createdAt
    self.version = version
  }

  /// What the shopper must do before the provider decides.
  package enum NextAction: Hashable, Sendable {
    case redirect(url: String)
  }
}
