import JSON
import Postgres
import Shop

/// What settling a payment came to.
package enum CheckoutOutcome: Sendable {
  case ordered(KeptAnswer)
  case declined(KeptAnswer)
  case pending
  /// Another finisher was first.
  case settledBefore
}

/// How an outcome is told; brought by the API, kept with the idempotency key.
package struct CheckoutAnswers: Sendable {
  package let ordered: @Sendable (Order) -> KeptAnswer
  package let declined: @Sendable (CartID) -> KeptAnswer

  package init(ordered: @escaping @Sendable (Order) -> KeptAnswer, declined: @escaping @Sendable (CartID) -> KeptAnswer) {
    self.ordered = ordered
    self.declined = declined
  }
}

/// The second transaction of checkout.
extension CheckoutStore {
  /// Brings a payment to what the provider said: order, release, or wait. Every finisher ends here, and only the first has effect.
  ///
  /// - Parameter prepared: the order, where the caller began the payment itself: then it takes one trip.
  package func settle(
    _ attempt: PaymentAttempt, _ outcome: PaymentOutcome, prepared: PreparedOrder? = nil, answers: CheckoutAnswers,
    _ moment: Moment
  ) async throws -> CheckoutOutcome {
    if let prepared, case .authorised(let reference) = outcome {
      let order = prepared.order(ids.next(), of: attempt, at: moment.now)
      let answer = answers.ordered(order)
      let placement = placement(order, attempt, reference: reference, answer)
      if try await placements.place(placement, deadline: moment.deadline) { return .ordered(answer) }
    }
    return try await settleLoaded(attempt, outcome, answers: answers, moment)
  }

  private func placement(_ order: Order, _ attempt: PaymentAttempt, reference: String, _ answer: KeptAnswer) -> OrderPlacement {
    OrderPlacement(order: order, attempt: attempt, reference: reference, event: ids.next(), answer: answer)
  }

  /// The state of things was not what the rules had allowed under the same locks.
  private struct NotPlaced: Error {}

  private func settleLoaded(
    _ attempt: PaymentAttempt, _ outcome: PaymentOutcome, answers: CheckoutAnswers, _ moment: Moment
  ) async throws -> CheckoutOutcome {
    let id: OrderID = ids.next()
    return try await database.patientTransaction(deadline: moment.deadline) { transaction in
      let loaded = try await transaction.run(loads(attempt, for: outcome))
      guard let row = loaded[1].first else { throw Refusal.notFound }
      let payment = try LockedPayment(row)
      switch Settlement(of: outcome, for: payment.status, isBeingVoided: payment.isBeingVoided) {
      case .order(let reference):
        let order = try payment.prepared().order(id, of: attempt, at: moment.now)
        let answer = answers.ordered(order)
        let placement = placement(order, attempt, reference: reference, answer)
        let rows = try await transaction.commit(with: [OrderPlacement.query([placement])])
        guard !rows[0].isEmpty else { throw NotPlaced() }
        return .ordered(answer)
      case .release:
        let answer = answers.declined(attempt.cart)
        try await transaction.commit(with: [
          HoldStatements.releaseOfCart(.value(attempt.cart)),
          PaymentStatements.fail(.value(attempt.payment), .text("declined")),
          CheckoutStatements.reopenCart(.value(attempt.cart)), IdempotencyStore.finish(attempt.payment, of: attempt.cart, answer),
        ])
        return .declined(answer)
      case .awaitShopper(let action, let reference):
        try await transaction.commit(with: wait(attempt, .requiresAction, action, reference: reference))
        return .pending
      case .awaitProvider:
        // A shopper who has something to do still has.
        let status: PaymentStatus = payment.status == .requiresAction ? .requiresAction : .unknown
        try await transaction.commit(with: wait(attempt, status, nil, reference: nil))
        return .pending
      case .voidLate(let reference):
        try await transaction.commit(with: [
          PaymentStatements.reserveLate(.value(attempt.payment), .text(reference)),
          PaymentStatements.insertVoid(.value(ids.next(OperationKind.self)), .value(attempt.payment), .null),
        ])
        return .settledBefore
      case .nothing: return .settledBefore
      }
    }
  }

  /// Locks in the order of all locks: cart, payment, stock.
  private func loads(_ attempt: PaymentAttempt, for outcome: PaymentOutcome) -> [Query] {
    let cart = CheckoutStatements.lockCartsByID(.uuids([attempt.cart.uuidBytes]))
    func payment(numbered: Bool) -> Query { PaymentStatements.lock(.value(attempt.payment), .bool(numbered)) }
    return switch outcome {
    case .authorised: [cart, payment(numbered: true)]
    case .declined: [cart, payment(numbered: false), HoldStatements.lockStockOfCart(.value(attempt.cart))]
    case .requiresAction, .unknown: [cart, payment(numbered: false)]
    }
  }

  private func wait(
    _ attempt: PaymentAttempt, _ status: PaymentStatus, _ action: Payment.NextAction?, reference: String?
  ) -> [Query] {
    [
      PaymentStatements.wait(
        .value(attempt.payment), .text(status.rawValue), action.map { .jsonBytes($0.storedJSON) } ?? .null,
        .int64(Reconciliation.waitSeconds(attempt: attempt.checks)), .value(reference)),
      IdempotencyStore.yield(attempt.payment),
    ]
  }
}

/// What settling is decided on, read under lock.
private struct LockedPayment {
  let status: PaymentStatus
  let isBeingVoided: Bool
  /// Drawn where there may be an order.
  let orderNumber: Int64?
  private let row: Row

  init(_ row: Row) throws {
    self.row = row
    status = try PaymentRows.status(row, 0)
    isBeingVoided = try row.bool(1)
    orderNumber = try row.optionalInt64(5)
  }

  func prepared() throws -> PreparedOrder {
    guard let json = try row.storedJSON(3), let orderNumber else { throw StoredJSON.Malformed(member: "checkout") }
    return PreparedOrder(
      snapshot: try CheckoutSnapshot(json, currency: try row.storedCurrency(2)), number: orderNumber,
      paymentCreatedAt: try row.storedTimestamp(4))
  }
}

extension Payment.NextAction {
  fileprivate var storedJSON: [UInt8] {
    switch self {
    case .redirect(let url):
      var json = JSONWriter()
      json.beginObject()
      json.key("type")
      json.string("redirect")
      json.key("url")
      json.string(url)
      json.endObject()
      return json.finish()
    }
  }
}
