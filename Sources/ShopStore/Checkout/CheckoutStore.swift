import JSON
import Postgres
import Shop

/// What `POST /carts/{id}/complete` asks for.
package struct CheckoutCommand: Sendable {
  package let cart: CartID
  /// SHA-256 of the cart's token.
  package let token: [UInt8]
  package let expected: Money
  package let payment: PaymentRequest
  package let request: KeyedRequest
  package let now: Timestamp

  package init(
    cart: CartID, token: [UInt8], expected: Money, payment: PaymentRequest, request: KeyedRequest, now: Timestamp
  ) {
    self.cart = cart
    self.token = token
    self.expected = expected
    self.payment = payment
    self.request = request
    self.now = now
  }
}

/// A payment that is written down and not decided.
package struct PaymentAttempt: Sendable, Equatable {
  package let payment: PaymentID
  package let cart: CartID
  /// The provider's key; nil where nothing costs anything.
  package let operation: OperationID?
  package let provider: String
  package let amount: Money
  package let startedAt: Timestamp
  /// How often it was asked for since.
  package var checks = 0
}

/// What the first transaction came to.
package enum CheckoutStart: Sendable {
  /// Ask the provider, then settle; also where an earlier request was cut off in between.
  case pay(PaymentAttempt)
  /// Done before.
  case replay(KeptAnswer)
}

/// What settling a payment came to.
package enum CheckoutOutcome: Sendable {
  case ordered(KeptAnswer)
  case declined(KeptAnswer)
  case pending
  /// Another finisher was first.
  case settledBefore
  /// The money was reserved after the cart had been let go: give it back.
  case voidLate
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

/// Checkout in two short transactions of two trips each, with the provider's call between them, outside of both.
package struct CheckoutStore: Sendable {
  let database: Database
  let ids: IdentifierSource

  package init(_ database: Database, ids: IdentifierSource) {
    self.database = database
    self.ids = ids
  }

  // MARK: First transaction

  /// Locks the cart, decides, makes the holds as `paying` and writes payment and operation down.
  ///
  /// When stock is short, expired holds of these variants are swept once before it is refused.
  package func begin(_ command: CheckoutCommand, deadline: Deadline) async throws -> CheckoutStart {
    do {
      return try await beginOnce(command, deadline: deadline)
    } catch Refusal.outOfStock(let shortages) {
      guard try await expireHolds(of: shortages.map(\.variant), deadline: deadline) > 0 else {
        throw Refusal.outOfStock(shortages)
      }
      return try await beginOnce(command, deadline: deadline)
    } catch let error as PostgresError {
      throw Self.refusal(for: error) ?? error
    }
  }

  private func beginOnce(_ command: CheckoutCommand, deadline: Deadline) async throws -> CheckoutStart {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let id = Parameter.value(command.cart)
      // The cart before the key: settling locks them in this order, too.
      let loaded = try await transaction.run([
        CheckoutStatements.lockCart(id, .bytes(command.token)), command.request.claimQuery, CheckoutStatements.lines(id),
        CheckoutStatements.lockStock(id), CheckoutStatements.holds(id), CheckoutStatements.taxRates(id),
        CheckoutStatements.shippingRates(id),
      ])
      guard let cartRow = loaded[0].first else { throw Refusal.notFound }
      guard !loaded[1].isEmpty else { return .replay(try await command.request.kept(transaction, now: command.now)) }
      let lines = try CheckoutRows.lines(loaded[2])
      let cart = try CheckoutRows.cart(cartRow, lines: lines.map(\.line))
      switch cart.status {
      case .completing:
        // The row of the key stays claimed: this retry goes on where the first request was cut off.
        guard let attempt = try await pendingAttempt(of: command, transaction) else {
          throw Refusal.checkoutInProgress(retryAfter: 2)
        }
        return .pay(attempt)
      case .ordered:
        let order = try await transaction.run(CheckoutStatements.orderOfCart(id)).first?.uuid(0)
        throw Refusal.cartClosed(order: order.map { OrderID($0) })
      default: break
      }
      let holds = try CheckoutRows.holds(loaded[4])
      let plan = try Checkout.decide(
        CheckoutState(
          cart: cart, lines: lines, tax: try CheckoutRows.tax(loaded[5]),
          shippingOptions: try CheckoutRows.shipping(loaded[6], for: lines, currency: cart.currency),
          levels: try CheckoutRows.levels(loaded[3]), holds: holds),
        expected: command.expected, now: command.now)
      let attempt = PaymentAttempt(
        payment: ids.next(), cart: cart.id, operation: plan.needsPayment ? ids.next() : nil,
        provider: command.payment.provider, amount: plan.total, startedAt: command.now)
      var writes = holdWrites(plan.allocation, of: cart.id, replacing: !holds.isEmpty, expiresAt: nil)
      writes.append(CheckoutStatements.complete(id))
      writes.append(
        CheckoutStatements.insertPayment(
          .value(attempt.payment), id, .text(attempt.provider), .value(plan.total.currency), .int64(plan.total.amount),
          .jsonBytes(CheckoutSnapshot(plan, of: cart).json), .text(command.request.principal), .text(command.request.key),
          .value(command.request.lockUntil), .value(attempt.operation ?? ids.next())))
      try await transaction.commit(with: writes)
      return .pay(attempt)
    }
  }

  /// The payment that stands in the way, if this very request began it.
  private func pendingAttempt(of command: CheckoutCommand, _ transaction: Transaction) async throws -> PaymentAttempt? {
    guard let row = try await transaction.run(CheckoutStatements.livePaymentOfCart(.value(command.cart))).first,
      try row.optionalString(5) == command.request.principal, try row.optionalString(6) == command.request.key
    else { return nil }
    return PaymentAttempt(
      payment: PaymentID(try row.uuid(0)), cart: command.cart, operation: try row.optionalUUID(1).map { OperationID($0) },
      provider: try row.string(2), amount: Money(try row.int64(4), try row.storedCurrency(3)),
      startedAt: try row.storedTimestamp(7))
  }

  /// The statements that make an allocation true; `expiresAt` is nil for `paying`, which no clock ends.
  func holdWrites(_ allocation: Allocation, of cart: CartID, replacing: Bool, expiresAt: Timestamp?) -> [Query] {
    var writes: [Query] = []
    if replacing { writes.append(CheckoutStatements.replaceHolds(.value(cart))) }
    if !allocation.changes.isEmpty {
      writes.append(
        CheckoutStatements.reserve(
          .uuids(allocation.changes.map(\.variant.uuidBytes)), .uuids(allocation.changes.map(\.location.uuidBytes)),
          .int32s(allocation.changes.map { Int32(clamping: $0.delta) })))
    }
    let holds = allocation.holds
    let holdIDs = holds.map { _ -> HoldID in ids.next() }
    writes.append(
      CheckoutStatements.insertHolds(
        .value(cart), .uuids(holdIDs.map(\.uuidBytes)), .uuids(holds.map(\.line.uuidBytes)),
        .uuids(holds.map(\.variant.uuidBytes)), .uuids(holds.map(\.location.uuidBytes)),
        .int32s(holds.map { Int32(clamping: $0.quantity) }), .text((expiresAt == nil ? HoldState.paying : .held).rawValue),
        .value(expiresAt)))
    return writes
  }

  /// What constraints say that the locks should have prevented; here and nowhere else.
  private static func refusal(for error: PostgresError) -> Refusal? {
    switch error.constraint {
    case "payment_one_live_per_cart": .checkoutInProgress(retryAfter: 2)
    case "no_oversell", "reservation_level_exists": .outOfStock([])
    default: nil
    }
  }

  // MARK: Second transaction

  /// Brings a payment to what the provider said: order, release, or wait. Every finisher ends here, and only the first has effect.
  package func settle(
    _ attempt: PaymentAttempt, _ outcome: PaymentOutcome, answers: CheckoutAnswers, now: Timestamp, deadline: Deadline
  ) async throws -> CheckoutOutcome {
    switch outcome {
    case .authorised(let reference):
      try await order(attempt, reference: reference, answers: answers, now: now, deadline: deadline)
    case .declined: try await release(attempt, answers: answers, deadline: deadline)
    case .requiresAction(let action, let reference):
      try await wait(attempt, .requiresAction, action, reference: reference, now: now, deadline: deadline)
    case .unknown: try await wait(attempt, .unknown, nil, reference: nil, now: now, deadline: deadline)
    }
  }

  private func order(
    _ attempt: PaymentAttempt, reference: String, answers: CheckoutAnswers, now: Timestamp, deadline: Deadline
  ) async throws -> CheckoutOutcome {
    let id: OrderID = ids.next()
    return try await database.patientTransaction(deadline: deadline) { transaction in
      let loaded = try await transaction.run([
        CheckoutStatements.lockCartByID(.value(attempt.cart)), CheckoutStatements.lockPayment(.value(attempt.payment)),
        CheckoutStatements.insertOrder(.value(id), .value(attempt.payment)),
      ])
      guard let payment = loaded[1].first, let status = PaymentStatus(rawValue: try payment.string(2)) else {
        throw Refusal.notFound
      }
      guard let made = loaded[2].first else { return status == .failed || status == .voided ? .voidLate : .settledBefore }
      let order = try Self.order(
        id, number: try made.int64(0), createdAt: try made.storedTimestamp(1), payment: payment, attempt: attempt)
      let answer = answers.ordered(order)
      try await transaction.commit(with: [
        CheckoutStatements.authorize(.value(attempt.payment), .value(id), .text(reference)),
        CheckoutStatements.commitHolds(.value(attempt.cart), .value(id)),
        CheckoutStatements.announce(
          .value(ids.next(EventKind.self)), .value(id), .int64(1), .text("order.confirmed"), .jsonBytes(answer.body)),
        finish(attempt, answer),
      ])
      return .ordered(answer)
    }
  }

  private static func order(
    _ id: OrderID, number: Int64, createdAt: Timestamp, payment: Row, attempt: PaymentAttempt
  ) throws -> Order {
    guard let json = try payment.storedJSON(5) else { throw StoredJSON.Malformed(member: "checkout") }
    let currency = try payment.storedCurrency(3)
    let snapshot = try CheckoutSnapshot(json, currency: currency)
    let amount = try payment.int64(4)
    return Order(
      id: id, number: number, cart: attempt.cart, customer: nil, status: .confirmed, email: snapshot.email,
      lines: snapshot.lines, totals: snapshot.totals, shippingAddress: snapshot.shippingAddress,
      billingAddress: snapshot.billingAddress, shippingMethod: snapshot.shippingMethod,
      payments: [
        Payment(
          id: attempt.payment, cart: attempt.cart, order: id, provider: try payment.string(1), status: .authorized,
          amount: Money(amount, currency), authorized: amount, createdAt: try payment.storedTimestamp(7))
      ], version: 1, createdAt: createdAt)
  }

  private func finish(_ attempt: PaymentAttempt, _ answer: KeptAnswer) -> Query {
    KeyedRequestStatements.finishOfPayment(
      .value(attempt.payment), .value(attempt.cart), .int16(Int16(answer.status)), answer.location.map { .text($0) } ?? .null,
      .text(answer.contentType), .bytes(answer.body))
  }

  private func release(
    _ attempt: PaymentAttempt, answers: CheckoutAnswers, deadline: Deadline
  ) async throws -> CheckoutOutcome {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let cart = Parameter.value(attempt.cart)
      let loaded = try await transaction.run([
        CheckoutStatements.lockCartByID(cart), CheckoutStatements.lockPayment(.value(attempt.payment)),
        CheckoutStatements.lockStockOfHolds(cart),
      ])
      guard let status = try loaded[1].first.flatMap({ PaymentStatus(rawValue: try $0.string(2)) }) else {
        throw Refusal.notFound
      }
      guard status.isPending else { return .settledBefore }
      let answer = answers.declined(attempt.cart)
      try await transaction.commit(with: [
        CheckoutStatements.releaseHolds(cart), CheckoutStatements.fail(.value(attempt.payment), .text("declined")),
        CheckoutStatements.reopenCart(cart), finish(attempt, answer),
      ])
      return .declined(answer)
    }
  }

  private func wait(
    _ attempt: PaymentAttempt, _ status: PaymentStatus, _ action: Payment.NextAction?, reference: String?, now: Timestamp,
    deadline: Deadline
  ) async throws -> CheckoutOutcome {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let rows = try await transaction.run([
        CheckoutStatements.await(
          .value(attempt.payment), .text(status.rawValue), action.map { .jsonBytes($0.storedJSON) } ?? .null,
          .value(now.adding(seconds: Reconciliation.waitSeconds(attempt: attempt.checks))), .value(reference)),
        KeyedRequestStatements.yieldOfPayment(.value(attempt.payment)),
      ])
      return rows[0].affected == 1 ? .pending : .settledBefore
    }
  }

  // MARK: Reconciliation

  /// Payments that are due to be asked for, claimed for the next 30 seconds.
  package func claimPayments(limit: Int, deadline: Deadline) async throws -> [PaymentAttempt] {
    let rows = try await database.query(CheckoutStatements.claimPayments(.int32(Int32(clamping: limit))), deadline: deadline)
    return try rows.map { row in
      PaymentAttempt(
        payment: PaymentID(try row.uuid(0)), cart: CartID(try row.uuid(1)),
        operation: try row.optionalUUID(7).map { OperationID($0) }, provider: try row.string(2),
        amount: Money(try row.int64(4), try row.storedCurrency(3)), startedAt: try row.storedTimestamp(5),
        checks: try row.int(6))
    }
  }

  package func checkLater(_ payment: PaymentID, at time: Timestamp, deadline: Deadline) async throws {
    _ = try await database.query(CheckoutStatements.checkLater(.value(payment), .value(time)), deadline: deadline)
  }

  // MARK: What the clock ends

  /// Gives back holds whose time is over; how many were looked at.
  @discardableResult
  package func expireHolds(limit: Int, deadline: Deadline) async throws -> Int {
    try await expire(CheckoutStatements.expiredHolds(.int32(Int32(clamping: limit))), deadline: deadline)
  }

  private func expireHolds(of variants: [VariantID], deadline: Deadline) async throws -> Int {
    try await expire(CheckoutStatements.expiredHoldsOf(.uuids(variants.map(\.uuidBytes))), deadline: deadline)
  }

  private func expire(_ candidates: Query, deadline: Deadline) async throws -> Int {
    let rows = try await database.read(candidates, deadline: deadline)
    guard !rows.isEmpty else { return 0 }
    let holds = try rows.map { try $0.uuid(0) }
    let variants = try rows.map { try $0.uuid(1) }
    return try await database.patientTransaction(deadline: deadline) { transaction in
      try await transaction.commit(with: [
        CheckoutStatements.lockStockOfVariants(.uuids(variants)), CheckoutStatements.expireHolds(.uuids(holds)),
      ])
      return holds.count
    }
  }

  @discardableResult
  package func expireCarts(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(CheckoutStatements.expireCarts(.int32(Int32(clamping: limit))), deadline: deadline).affected
  }

  @discardableResult
  package func purgeKeys(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(KeyedRequestStatements.purge(.int32(Int32(clamping: limit))), deadline: deadline).affected
  }
}

extension Payment.NextAction {
  var storedJSON: [UInt8] {
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
