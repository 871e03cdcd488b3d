/// One thing asked of a provider. Its id is the idempotency key that the provider gets, so asking again repeats nothing.
package struct PaymentOperation: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case authorize, capture, void, refund
  }

  package enum State: String, CaseIterable, Sendable {
    case pending, succeeded, failed, unknown
  }

  package let id: OperationID
  package let payment: PaymentID
  package let kind: Kind
  package let amount: Money
  package let state: State
  /// The provider's own name of what came of it.
  package let reference: String?

  package init(id: OperationID, payment: PaymentID, kind: Kind, amount: Money, state: State, reference: String?) {
    self.id = id
    self.payment = payment
    self.kind = kind
    self.amount = amount
    self.state = state
    self.reference = reference
  }
}
