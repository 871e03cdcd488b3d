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
  private let opening: CheckoutOpening
  private let openings: Gathering<(command: CheckoutCommand, deadline: Deadline), CheckoutOpening.Result>
  let placements: OrderPlacements

  package init(_ database: Database, idempotency: IdempotencyStore, ids: IdentifierSource, rates: RateCache) {
    self.database = database
    self.idempotency = idempotency
    let opening = CheckoutOpening(database: database, idempotency: idempotency, ids: ids, rates: rates)
    self.opening = opening
    openings = database.gathering("checkout_open") { await opening.together($0) }
    placements = OrderPlacements(database)
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
    try await openings.perform((command, deadline), deadline: deadline) { await opening.alone(command, deadline: deadline) }.get()
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
}
