import Postgres
import Shop

/// What `POST /carts/{id}/complete` asks for.
package struct CheckoutCommand: Sendable {
  package let access: CartAccess
  package let condition: VersionCondition
  package let expected: Money
  package let payment: PaymentRequest
  package let request: KeyedRequest
  package let now: Timestamp

  package init(
    access: CartAccess, if condition: VersionCondition, expected: Money, payment: PaymentRequest, request: KeyedRequest,
    now: Timestamp
  ) {
    self.access = access
    self.condition = condition
    self.expected = expected
    self.payment = payment
    self.request = request
    self.now = now
  }
}

/// What the first transaction came to.
package enum CheckoutStart: Sendable {
  /// Ask the provider, then settle; without an order prepared where an earlier request was cut off in between.
  case pay(PaymentAttempt, PreparedOrder?)
  /// Done before.
  case replay(KeptAnswer)
}

/// Checkout in two short transactions of two trips each, with the provider's call between them, outside of both.
package struct CheckoutStore: Sendable {
  let database: Database
  let idempotency: IdempotencyStore
  let ids: IdentifierSource
  let expiry: HoldExpiry
  private let rates: RateCache

  package init(_ database: Database, idempotency: IdempotencyStore, ids: IdentifierSource, rates: RateCache) {
    self.database = database
    self.idempotency = idempotency
    self.rates = rates
    expiry = HoldExpiry(database)
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
      guard try await expiry.expire(of: shortages.map(\.variant), deadline: deadline) > 0 else {
        throw Refusal.outOfStock(shortages)
      }
      return try await beginOnce(command, deadline: deadline)
    }
  }

  private func beginOnce(_ command: CheckoutCommand, deadline: Deadline) async throws -> CheckoutStart {
    let table = try await rates.table(deadline: deadline)
    return try await database.patientTransaction(deadline: deadline) { transaction in
      let id = Parameter.value(command.access.cart)
      // The cart before the key: settling locks them in this order, too.
      let loaded = try await transaction.run([
        CheckoutStatements.lockCart.bind(command.access.parameters), idempotency.claim(command.request, now: command.now),
        CheckoutStatements.lines(id), CheckoutStatements.lockStock(id), HoldStatements.liveOfCart(id),
      ])
      guard let cartRow = loaded[0].first else { throw Refusal.notFound }
      guard !loaded[1].isEmpty else {
        return .replay(try await idempotency.kept(command.request, transaction, now: command.now))
      }
      let lines = try CheckoutRows.lines(loaded[2])
      let cart = try CheckoutRows.cart(
        cartRow, lines: lines.map(\.line), discounts: try CheckoutRows.discounts(loaded[2]))
      switch cart.status {
      case .completing:
        // The row of the key stays claimed: this retry goes on where the first request was cut off.
        guard let attempt = try await pendingAttempt(of: command, transaction) else {
          throw Refusal.checkoutInProgress(retryAfter: 2)
        }
        return .pay(attempt, nil)
      case .ordered:
        let order = try await transaction.run(CheckoutStatements.orderOfCart(id)).first?.uuid(0)
        throw Refusal.cartClosed(order: order.map { OrderID($0) })
      default: break
      }
      try command.condition.check(cart.version)
      let holds = try CheckoutRows.holds(loaded[4])
      let plan = try Checkout.decide(
        CheckoutState(
          cart: cart, lines: lines, tax: table.tax(of: cart), shippingOptions: table.shippingOptions(for: cart, lines: lines),
          levels: try CheckoutRows.levels(loaded[3]), holds: holds),
        expected: command.expected, now: command.now)
      let attempt = PaymentAttempt(
        payment: ids.next(), cart: cart.id, operation: plan.needsPayment ? ids.next() : nil,
        provider: command.payment.provider, amount: plan.total, startedAt: command.now)
      var writes = holdWrites(plan.allocation, of: cart.id, own: holds, expiresAt: nil)
      writes.append(CheckoutStatements.complete(id))
      let snapshot = CheckoutSnapshot(plan, of: cart)
      let place = writes.count
      writes.append(
        CheckoutStatements.insertPayment(
          .value(attempt.payment), id, .text(attempt.provider), .value(plan.total.currency), .int64(plan.total.amount),
          .jsonBytes(snapshot.json), .text(command.request.principal), .text(command.request.key),
          .value(command.request.lockUntil), .value(attempt.operation ?? ids.next())))
      let discounts = plan.priced.discounts
      if !discounts.isEmpty {
        // Last, since a popular code is locked by everybody: until COMMIT, which is in the same trip.
        writes.append(
          DiscountStatements.redeem(
            id, .value(attempt.payment), .text(plan.email.text), .value(plan.total.currency),
            .uuids(discounts.map(\.id.uuidBytes)), .int64s(discounts.map(\.amount))))
      }
      guard let written = try await transaction.commit(with: writes)[place].first else {
        throw StoredJSON.Malformed(member: "payment")
      }
      return .pay(
        attempt,
        PreparedOrder(
          snapshot: snapshot, number: try written.int64(1), paymentCreatedAt: try written.storedTimestamp(0)))
    }
  }

  /// What is kept as the answer to a request; nil while there is none.
  package func kept(for request: KeyedRequest, now: Timestamp, deadline: Deadline) async throws -> KeptAnswer? {
    try await database.transaction(deadline: deadline) { transaction in
      do {
        return try await idempotency.kept(request, transaction, now: now)
      } catch Refusal.idempotencyInProgress {
        return nil
      }
    }
  }

  /// The payment that stands in the way, if this very request began it.
  private func pendingAttempt(of command: CheckoutCommand, _ transaction: Transaction) async throws -> PaymentAttempt? {
    guard let row = try await transaction.run(PaymentStatements.pendingOfCart(.value(command.access.cart))).first,
      try row.optionalString(9) == command.request.principal, try row.optionalString(10) == command.request.key
    else { return nil }
    return try PaymentRows.attempt(row)
  }

  /// The statements that make an allocation true, in place of the holds that the cart has; `expiresAt` is nil for `paying`, which
  /// no clock ends.
  func holdWrites(_ allocation: Allocation, of cart: CartID, own: [Allocation.Hold], expiresAt: Timestamp?) -> [Query] {
    var writes: [Query] = []
    let holds = allocation.holds
    let lines = Parameter.uuids(holds.map(\.line.uuidBytes))
    let locations = Parameter.uuids(holds.map(\.location.uuidBytes))
    let kept = Set(holds.map { [$0.line.uuid, $0.location.uuid] })
    if !own.allSatisfy({ kept.contains([$0.line.uuid, $0.location.uuid]) }) {
      writes.append(HoldStatements.drop(.value(cart), lines, locations))
    }
    if !allocation.changes.isEmpty {
      writes.append(
        HoldStatements.reserve(
          .uuids(allocation.changes.map(\.variant.uuidBytes)), .uuids(allocation.changes.map(\.location.uuidBytes)),
          .int32s(allocation.changes.map { Int32(clamping: $0.delta) })))
    }
    let holdIDs = holds.map { _ -> HoldID in ids.next() }
    writes.append(
      HoldStatements.put(
        .value(cart), .uuids(holdIDs.map(\.uuidBytes)), lines, .uuids(holds.map(\.variant.uuidBytes)), locations,
        .int32s(holds.map { Int32(clamping: $0.quantity) }), .text((expiresAt == nil ? HoldState.paying : .held).rawValue),
        .value(expiresAt)))
    return writes
  }
}
