import HTTP
import Shop
import ShopStore

/// Takes a payment from its first transaction to its end: for the request that began it, for a retry, and for the reconciler.
package struct CheckoutFlow: Sendable {
  package let store: CheckoutStore
  package let orders: OrderStore
  let payments: PaymentStore
  package let providers: [String: any PaymentProvider]
  package let ids: IdentifierSource
  package let clock: any WallClock
  package let time: CheckoutTime
  /// Whether what this database knows of prices is recent enough to charge them.
  package let offersAreRecent: @Sendable () -> Bool
  /// Told what happens, at once and on the loop: it must not wait.
  package let report: @Sendable (CheckoutEvent) -> Void

  package init(
    store: CheckoutStore, orders: OrderStore, payments: PaymentStore, providers: [any PaymentProvider], ids: IdentifierSource,
    clock: any WallClock, time: CheckoutTime, offersAreRecent: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (CheckoutEvent) -> Void
  ) {
    self.store = store
    self.orders = orders
    self.payments = payments
    self.providers = Dictionary(providers.map { ($0.name, $0) }) { $1 }
    self.ids = ids
    self.clock = clock
    self.time = time
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

  /// Asks the provider and settles what it says, for a request that is due by `deadline`.
  func pay(
    _ attempt: PaymentAttempt, prepared: PreparedOrder?, token: String, for request: KeyedRequest, requestID: RequestID,
    deadline: Deadline
  ) async throws -> Response {
    let outcome = await authorise(attempt, token: token, timeout: time.asking(before: deadline))
    let answers = answers(requestID: requestID)
    do {
      let settled = try await store.settle(
        attempt, outcome, prepared: prepared, answers: answers, settling)
      switch settled {
      case .ordered(let answer):
        report(.ordered(attempt.amount))
        return Response(GivenAnswer(answer))
      case .declined(let answer): return Response(GivenAnswer(answer))
      case .pending, .settledBefore: return try await present(attempt, to: request, answers: answers)
      }
    } catch  where StoreFailure.leavesOpen(error) {
      // The reconciler ends it; the shopper must not be told that nothing happened.
      return Self.waiting(PaymentView.pending(attempt.payment, .unknown, nil))
    }
  }

  /// From now until settling must be done.
  var settling: Moment { Moment(now: clock.now, deadline: .within(CheckoutTime.settling)) }

  private func authorise(_ attempt: PaymentAttempt, token: String, timeout: Duration) async -> PaymentOutcome {
    guard let operation = attempt.operation else { return .authorised(reference: "free") }
    guard let provider = providers[attempt.provider], timeout > .zero else { return .unknown }
    let start = ContinuousClock.now
    let outcome = await provider.authorise(
      PaymentAuthorisation(operation: operation, payment: attempt.payment, amount: attempt.amount, token: token),
      timeout: timeout)
    report(.authorisation(outcome, start.duration(to: .now)))
    return outcome
  }

  /// The present state of a payment that waits, or that another has settled.
  private func present(
    _ attempt: PaymentAttempt, to request: KeyedRequest, answers: CheckoutAnswers
  ) async throws -> Response {
    let deadline = Deadline.within(.seconds(2))
    let payment = try await orders.payment(attempt.payment, token: nil, deadline: deadline)
    // Whoever has ended it has kept what every retry is told, byte for byte.
    if !payment.status.isPending, let kept = try await store.kept(for: request, now: clock.now, deadline: deadline) {
      return Response(GivenAnswer(kept, isReplayed: true))
    }
    if let order = payment.order {
      return Response(GivenAnswer(answers.ordered(try await orders.order(order, token: nil, deadline: deadline))))
    }
    if !payment.status.isLive { return Response(GivenAnswer(answers.declined(attempt.cart))) }
    return Self.waiting(PaymentView.pending(payment.id, payment.status, payment.nextAction))
  }

  private static func waiting(_ body: [UInt8]) -> Response {
    var response = Response(202, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    response.fields.append("Retry-After", "2")
    return response
  }
}
