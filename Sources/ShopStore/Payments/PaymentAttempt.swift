import Shop

/// A payment that is written down and not decided.
package struct PaymentAttempt: Sendable, Equatable {
  package let payment: PaymentID
  package let cart: CartID
  /// The provider's key; nil where nothing costs anything.
  package let operation: OperationID?
  package let provider: String
  package let amount: Money
  package let startedAt: Timestamp
  package var status = PaymentStatus.authorizing
  /// How often it was asked for since.
  package var checks = 0
}
