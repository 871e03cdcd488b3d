import HTTP
import Shop
import ShopStore

/// Takes a payment from its first transaction to its end: for the request that began it, for a retry, and for the reconciler.
package struct CheckoutFlow: Sendable {
  package let store: CheckoutStore
  package let orders: OrderStore
  package let providers: [String: any PaymentProvider]
  package let ids: IdentifierSource
  package let clock: any WallClock
  /// The provider's part of a checkout's time.
  package let providerTimeout: Duration
  /// Whether what this database knows of prices is recent enough to charge them.
  package let offersAreRecent: @Sendable () -> Bool
  /// Told what happens, at once and on the loop: it must not wait.
  package let report: @Sendable (CheckoutEvent) -> Void

  package init(
    store: CheckoutStore, orders: OrderStore, providers: [any PaymentProvider], ids: IdentifierSource, clock: any WallClock,
    providerTimeout: Duration, offersAreRecent: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (CheckoutEvent) -> Void
  ) {
    self.store = store
    self.orders = orders
    self.providers = Dictionary(providers.map { ($0.name, $0) }) { $1 }
    self.ids = ids
    self.clock = clock
    self.providerTimeout = providerTimeout
    self.offersAreRecent = offersAreRecent
    self.report = report
  }

  /// How the outcomes are told and kept.
  func answers(requestID: RequestID) -> CheckoutAnswers {
    CheckoutAnswers(
      ordered: { KeptAnswer(status: 201, location: "/v1/orders/\($0.id)", body: OrderView.body($0)) },
      declined: { cart in
        let response = ErrorMap.problem(for: Refusal.paymentDeclined).response(
          instance: "/v1/carts/\(cart)/complete", requestID: requestID.description)
        guard case .bytes(let body) = response.body else { return KeptAnswer(status: 402, body: []) }
        return KeptAnswer(status: 402, contentType: "application/problem+json", body: body)
      })
  }

  /// Asks the provider and settles what it says.
  func pay(_ attempt: PaymentAttempt, token: String, requestID: RequestID) async throws -> Response {
    let outcome = await authorise(attempt, token: token)
    let answers = answers(requestID: requestID)
    do {
      // The money may be reserved by now: settling gets its time, whatever the call took.
      let settled = try await store.settle(
        attempt, outcome, answers: answers, now: clock.now, deadline: Deadline.within(.seconds(5)))
      switch settled {
      case .ordered(let answer):
        report(.ordered(attempt.amount))
        return Response(answer)
      case .declined(let answer): return Response(answer)
      case .pending, .settledBefore: return try await present(attempt, answers: answers)
      case .voidLate:
        _ = await void(attempt)
        return Response(answers.declined(attempt.cart))
      }
    } catch  where StoreFailure.leavesOpen(error) {
      // The reconciler ends it; the shopper must not be told that nothing happened.
      return Self.waiting(PaymentView.pending(attempt.payment, .unknown, nil))
    }
  }

  private func authorise(_ attempt: PaymentAttempt, token: String) async -> PaymentOutcome {
    guard let operation = attempt.operation else { return .authorised(reference: "free") }
    guard let provider = providers[attempt.provider] else { return .unknown }
    let start = ContinuousClock.now
    let outcome = await provider.authorise(
      PaymentAuthorisation(operation: operation, payment: attempt.payment, amount: attempt.amount, token: token),
      timeout: providerTimeout)
    report(.authorisation(outcome, start.duration(to: .now)))
    return outcome
  }

  private func void(_ attempt: PaymentAttempt) async -> VoidOutcome {
    guard let operation = attempt.operation, let provider = providers[attempt.provider] else { return .voided }
    return await provider.void(operation, operation: ids.next(), timeout: providerTimeout)
  }

  /// The present state of a payment that waits, or that another has settled.
  private func present(_ attempt: PaymentAttempt, answers: CheckoutAnswers) async throws -> Response {
    let deadline = Deadline.within(.seconds(2))
    let payment = try await orders.payment(attempt.payment, token: nil, deadline: deadline)
    if let order = payment.order {
      return Response(answers.ordered(try await orders.order(order, token: nil, deadline: deadline)))
    }
    if payment.status == .failed { return Response(answers.declined(attempt.cart)) }
    return Self.waiting(PaymentView.pending(payment.id, payment.status, payment.nextAction))
  }

  private static func waiting(_ body: [UInt8]) -> Response {
    var response = Response(202, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    response.fields.append("Retry-After", "2")
    return response
  }

  // MARK: The reconciler's part

  /// Asks for payments that are due and brings them on; how many there were.
  @discardableResult
  package func reconcile(limit: Int) async throws -> Int {
    let due = try await store.claimPayments(limit: limit, deadline: Deadline.within(.seconds(5)))
    try await eachAtOnce(due) { try await reconcile($0) }
    return due.count
  }

  /// Side by side, and all of them: one that hangs or fails must not keep the others from their end. Throws the first failure.
  private func eachAtOnce<Item: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void
  ) async throws {
    let failure = await withTaskGroup(of: (any Error)?.self) { group in
      for item in items {
        group.addTask {
          do { try await body(item) } catch { return error }
          return nil
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
    if let failure { throw failure }
  }

  private func reconcile(_ attempt: PaymentAttempt) async throws {
    var answer = PaymentQuery.authorised(reference: "free")
    if let operation = attempt.operation {
      guard let provider = providers[attempt.provider] else { return }
      answer = await provider.query(operation, timeout: providerTimeout)
    }
    var step = Reconciliation.decide(answer, startedAt: attempt.startedAt, attempt: attempt.checks, now: clock.now)
    if case .void = step { step = Reconciliation.decide(await void(attempt), attempt: attempt.checks, now: clock.now) }
    let deadline = Deadline.within(.seconds(5))
    switch step {
    case .settle(let outcome):
      let settled = try await store.settle(
        attempt, outcome, answers: answers(requestID: ids.next()), now: clock.now, deadline: deadline)
      switch settled {
      case .ordered: report(.ordered(attempt.amount))
      case .voidLate: _ = await void(attempt)
      case .declined, .pending, .settledBefore: break
      }
    case .wait(let time): try await store.checkLater(attempt.payment, at: time, deadline: deadline)
    case .void: break
    }
  }

  /// Gives money back that cancelled orders had reserved; true when the provider confirmed it.
  @discardableResult
  package func void(_ void: OrderStore.Cancellation.Void) async throws -> Bool {
    guard let provider = providers[void.provider] else { return false }
    let outcome = await provider.void(void.authorisation, operation: void.operation, timeout: providerTimeout)
    guard outcome == .voided else { return false }
    try await orders.didVoid(void, deadline: Deadline.within(.seconds(5)))
    return true
  }

  /// Repeats voids whose answer never came.
  package func repeatVoids(limit: Int) async throws {
    let open = try await orders.openVoids(limit: limit, deadline: Deadline.within(.seconds(5)))
    try await eachAtOnce(open) { try await void($0) }
  }
}
