/// How a payment that nobody knows the outcome of is brought to an end.
package enum Reconciliation {
  /// A shopper at the provider's page, or a provider that is undecided, has 15 minutes; then the money is given back.
  package static let patienceSeconds: Int64 = 900
  /// A provider that has not heard of the operation after this long is asked to void it: its call is long past its deadline.
  package static let arrivalSeconds: Int64 = 60

  package enum Step: Hashable, Sendable {
    /// The outcome is certain, or the shopper can be told what to do.
    case settle(PaymentOutcome)
    /// Write a void down; once the provider has confirmed it, the payment is settled as declined.
    case void
    /// Ask again later.
    case wait
  }

  /// What to do with what the provider says now.
  ///
  /// Silence is never taken for a decline: stock and cart stay as they are until the provider is certain.
  /// - Parameters:
  ///   - status: as it is stored.
  ///   - startedAt: when the authorisation was written down.
  package static func decide(_ answer: PaymentQuery, status: PaymentStatus, startedAt: Timestamp, now: Timestamp) -> Step {
    let age = now.microseconds - startedAt.microseconds
    switch answer {
    case .authorised(let reference): return .settle(.authorised(reference: reference))
    case .declined, .voided: return .settle(.declined)
    // Voided rather than given up: should it arrive after all, by a retry that is under way, it reserves nothing.
    case .notFound where age >= arrivalSeconds * 1_000_000: return .void
    case .requiresAction where age >= patienceSeconds * 1_000_000: return .void
    case .processing where age >= patienceSeconds * 1_000_000: return .void
    // The answer that said so was lost: the shopper has not been told where to go.
    case .requiresAction(let action, let reference) where status != .requiresAction:
      return .settle(.requiresAction(action, reference: reference))
    case .requiresAction, .processing, .notFound, .unavailable: return .wait
    }
  }

  /// 1, 2, 4 … 60 seconds, for what has been asked so often before.
  package static func waitSeconds(attempt: Int) -> Int64 {
    min(1 << Int64(min(max(attempt, 0), 6)), 60)
  }
}
