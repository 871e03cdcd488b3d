/// How a payment that nobody knows the outcome of is brought to an end.
package enum Reconciliation {
  /// A shopper at the provider's page, or a provider that is undecided, has 15 minutes; then the money is given back.
  package static let patienceSeconds: Int64 = 900
  /// A provider that has not heard of the operation after this long is asked to void it: its call is long past its deadline.
  package static let arrivalSeconds: Int64 = 60

  package enum Step: Hashable, Sendable {
    /// The outcome is certain.
    case settle(PaymentOutcome)
    /// Ask for a void; once that is certain, settle as declined.
    case void
    case wait(until: Timestamp)
  }

  /// What to do with what the provider says now.
  ///
  /// Silence is never taken for a decline: stock and cart stay as they are until the provider is certain.
  /// - Parameters:
  ///   - startedAt: when the authorisation was written down.
  ///   - attempt: how often it has been asked before, for the wait.
  package static func decide(_ answer: PaymentQuery, startedAt: Timestamp, attempt: Int, now: Timestamp) -> Step {
    let age = now.microseconds - startedAt.microseconds
    switch answer {
    case .authorised(let reference): return .settle(.authorised(reference: reference))
    case .declined, .voided: return .settle(.declined)
    // Voided rather than given up: should it arrive after all, by a retry that is under way, it reserves nothing.
    case .notFound where age >= arrivalSeconds * 1_000_000: return .void
    case .requiresAction where age >= patienceSeconds * 1_000_000: return .void
    case .processing where age >= patienceSeconds * 1_000_000: return .void
    case .requiresAction, .processing, .notFound, .unavailable:
      return .wait(until: now.adding(seconds: waitSeconds(attempt: attempt)))
    }
  }

  /// What follows a void.
  package static func decide(_ answer: VoidOutcome, attempt: Int, now: Timestamp) -> Step {
    switch answer {
    case .voided: .settle(.declined)
    // Captured means paid: the shopper gets the order. The reference is found by the next query.
    case .tooLate, .unknown: .wait(until: now.adding(seconds: waitSeconds(attempt: attempt)))
    }
  }

  /// 1, 2, 4 … 60 seconds.
  package static func waitSeconds(attempt: Int) -> Int64 {
    min(1 << Int64(min(max(attempt, 0), 6)), 60)
  }
}
