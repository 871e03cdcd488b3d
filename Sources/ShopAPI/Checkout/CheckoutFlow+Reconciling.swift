import Shop
import ShopStore

/// The worker's part: payments whose outcome is not known, and money that has to be given back.
extension CheckoutFlow {
  /// For how long a claimed payment is one worker's: claiming it, one call, settling it, and putting it off where that failed. All
  /// that are claimed together are asked for together.
  private var claimTime: Duration { CheckoutTime.settling * 4 + time.provider }

  /// Asks for payments that are due and brings them on; how many there were.
  package func reconcile(limit: Int) async throws -> Int {
    let due = try await payments.claim(limit: limit, for: claimTime, deadline: .within(CheckoutTime.settling))
    await eachAtOnce(due) { attempt in
      do {
        try await reconcile(attempt)
      } catch {
        report(.stuck(attempt.payment, error))
        // Where this fails, too, the claim ends by itself.
        try? await checkLater(attempt)
      }
    }
    return due.count
  }

  /// Side by side: one that hangs or fails must not keep the others from their end.
  private func eachAtOnce<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async -> Void) async {
    await withTaskGroup { group in
      for item in items { group.addTask { await body(item) } }
    }
  }

  private func reconcile(_ attempt: PaymentAttempt) async throws {
    var answer = PaymentQuery.authorised(reference: "free")
    if let operation = attempt.operation {
      answer = try await provider(attempt.provider).query(operation, timeout: time.provider)
    }
    switch Reconciliation.decide(answer, status: attempt.status, startedAt: attempt.startedAt, now: clock.now) {
    case .settle(let outcome): try await settle(attempt, outcome)
    case .void: try await payments.startVoiding(attempt, deadline: .within(CheckoutTime.settling))
    case .wait: try await checkLater(attempt)
    }
  }

  private func settle(_ attempt: PaymentAttempt, _ outcome: PaymentOutcome) async throws {
    let settled = try await store.settle(
      attempt, outcome, answers: answers(requestID: ids.next()), settling)
    if case .ordered = settled { report(.ordered(attempt.amount)) }
  }

  private func checkLater(_ attempt: PaymentAttempt) async throws {
    try await payments.checkLater(
      attempt.payment, seconds: Reconciliation.waitSeconds(attempt: attempt.checks), deadline: .within(CheckoutTime.settling))
  }

  private struct UnknownProvider: Error {
    let name: String
  }

  private func provider(_ name: String) throws -> any PaymentProvider {
    guard let provider = providers[name] else { throw UnknownProvider(name: name) }
    return provider
  }

  // MARK: Voids

  /// Asks for voids that are due; how many there were.
  package func repeatVoids(limit: Int) async throws -> Int {
    let due = try await payments.claimVoids(limit: limit, for: claimTime, deadline: .within(CheckoutTime.settling))
    await eachAtOnce(due) { await void($0, timeout: time.provider) }
    return due.count
  }

  /// Asks the provider for a void that is written down. One that it does not confirm is asked for again by the worker.
  func void(_ void: PaymentVoid, timeout: Duration) async {
    do {
      switch try await provider(void.attempt.provider)
        .void(void.authorisation, operation: void.operation, timeout: timeout)
      {
      case .voided: try await didVoid(void)
      case .tooLate: throw Captured()
      case .unknown: try await voidLater(void)
      }
    } catch {
      report(.stuck(void.attempt.payment, error))
      // Where this fails, too, the claim ends by itself.
      try? await voidLater(void)
    }
  }

  /// The money was taken before it could be given back: only a refund helps.
  private struct Captured: Error {}

  private func didVoid(_ void: PaymentVoid) async throws {
    // Only now can nothing be reserved any more, and the cart be let go.
    if void.attempt.status.isPending { try await settle(void.attempt, .declined) }
    try await payments.didVoid(void, deadline: .within(CheckoutTime.settling))
  }

  private func voidLater(_ void: PaymentVoid) async throws {
    try await payments.voidLater(
      void, seconds: Reconciliation.waitSeconds(attempt: void.checks), deadline: .within(CheckoutTime.settling))
  }
}
