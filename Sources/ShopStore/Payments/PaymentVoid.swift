import Shop

/// Money to be given back, or never to be taken: written down before the provider is asked, and asked for until it is confirmed.
package struct PaymentVoid: Sendable, Equatable {
  /// The key of the call and of every repetition.
  package let operation: OperationID
  /// What is to be voided.
  package let authorisation: OperationID
  package let attempt: PaymentAttempt
  /// How often it was asked for.
  package let checks: Int
}
