/// Whoever moves the money. A port: the providers are programs of others, behind a network.
///
/// No call throws: that the answer did not come is one of the answers. Each ends within its timeout.
package protocol PaymentProvider: Sendable {
  /// As a request names it: `test`.
  var name: String { get }

  /// Reserves the amount. May be called again with the same operation: it takes effect once.
  func authorise(_ authorisation: PaymentAuthorisation, timeout: Duration) async -> PaymentOutcome

  /// Gives back what the operation `authorisation` reserved, or makes sure that it never will.
  ///
  /// - Parameter operation: the key of this call.
  func void(_ authorisation: OperationID, operation: OperationID, timeout: Duration) async -> VoidOutcome

  /// What became of an operation.
  func query(_ operation: OperationID, timeout: Duration) async -> PaymentQuery
}

/// What a provider is asked to reserve.
package struct PaymentAuthorisation: Hashable, Sendable {
  /// The idempotency key.
  package let operation: OperationID
  package let payment: PaymentID
  package let amount: Money
  /// What the shopper's browser got from the provider; never card data, never logged.
  package let token: String

  package init(operation: OperationID, payment: PaymentID, amount: Money, token: String) {
    self.operation = operation
    self.payment = payment
    self.amount = amount
    self.token = token
  }
}

/// What came of asking for an authorisation.
package enum PaymentOutcome: Hashable, Sendable {
  case authorised(reference: String)
  case declined
  case requiresAction(Payment.NextAction, reference: String)
  /// No answer in time, or one that cannot be read: the money may be reserved or not.
  case unknown
}

package enum VoidOutcome: Hashable, Sendable {
  /// Nothing is reserved now; also when nothing was.
  case voided
  /// It is captured already: only a refund helps.
  case tooLate
  case unknown
}

/// What a provider says about an operation later.
package enum PaymentQuery: Hashable, Sendable {
  case authorised(reference: String)
  case declined
  case voided
  case requiresAction(Payment.NextAction, reference: String)
  /// The provider has not decided yet.
  case processing
  /// The provider never heard of it.
  case notFound
  /// No answer.
  case unavailable
}
