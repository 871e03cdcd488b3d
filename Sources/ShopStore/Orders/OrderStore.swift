import JSON
import Postgres
import Shop

/// Orders and payments as they are read, and the cancellation of an order.
package struct OrderStore: Sendable {
  let database: Database
  let idempotency: IdempotencyStore
  let ids: IdentifierSource

  package init(_ database: Database, idempotency: IdempotencyStore, ids: IdentifierSource) {
    self.database = database
    self.idempotency = idempotency
    self.ids = ids
  }

  /// - Parameter token: SHA-256 of the token of the order's cart; nil for an admin, who may see all.
  package func order(_ id: OrderID, token: [UInt8]?, deadline: Deadline) async throws -> Order {
    let id = Parameter.value(id)
    let found = try await database.read(
      [
        OrderStatements.byID(id, token.map { .bytes($0) } ?? .null), OrderStatements.lines(.uuids([try id.uuidBytes])),
        OrderStatements.payments(.uuids([try id.uuidBytes])),
      ], deadline: deadline)
    guard let order = try OrderRows.orders(found[0], lines: found[1], payments: found[2]).first else { throw Refusal.notFound }
    return order
  }

  /// A page, newest first: at most `limit` + 1 orders that come after `place`, or the other way round before it.
  package func orders(
    status: OrderStatus?, from place: (createdAt: Timestamp, id: OrderID)?, isBackward: Bool, limit: Int, deadline: Deadline
  ) async throws -> (orders: [Order], hasMore: Bool) {
    let start = place?.createdAt ?? .latest
    let id = place?.id.uuidBytes ?? UUIDBytes(high: .max, low: .max)
    let statement = isBackward ? OrderStatements.pageBefore : OrderStatements.pageAfter
    let rows = try await database.query(
      statement(.value(start), .uuid(id), .int32(Int32(clamping: limit + 1)), .value(status?.rawValue)), deadline: deadline)
    let found = try rows.map { try $0.uuid(0) }
    guard !found.isEmpty else { return ([], false) }
    let parts = try await database.read(
      [OrderStatements.lines(.uuids(found)), OrderStatements.payments(.uuids(found))], deadline: deadline)
    var orders = Array(try OrderRows.orders(rows, lines: parts[0], payments: parts[1]).prefix(limit))
    if isBackward { orders.reverse() }
    return (orders, rows.count > limit)
  }

  package func payment(_ id: PaymentID, token: [UInt8]?, deadline: Deadline) async throws -> Payment {
    let rows = try await database.read(
      OrderStatements.paymentByID(.value(id), token.map { .bytes($0) } ?? .null), deadline: deadline)
    guard let row = rows.first else { throw Refusal.notFound }
    return try OrderRows.payment(row)
  }

  // MARK: Cancellation

  /// What cancelling came to: the order as it is now, and what of its money has to be given back.
  package enum Cancellation: Sendable {
    case replay(KeptAnswer)
    case cancelled(voids: [PaymentVoid])
  }

  /// Cancels the order, gives its stock back and writes down which payments are to be voided.
  package func cancel(
    _ id: OrderID, token: [UInt8]?, actor: String, reason: String?, request: KeyedRequest, now: Timestamp, deadline: Deadline
  ) async throws -> Cancellation {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let order = Parameter.value(id)
      let loaded = try await transaction.run([
        idempotency.claim(request, now: now), OrderStatements.lock(order, token.map { .bytes($0) } ?? .null),
        OrderStatements.lines(.uuids([id.uuidBytes])), OrderStatements.payments(.uuids([id.uuidBytes])),
        HoldStatements.lockStockOfOrder(order), PaymentStatements.voidsOfOrder(order),
      ])
      guard let found = try OrderRows.orders(loaded[1], lines: loaded[2], payments: loaded[3]).first else {
        throw Refusal.notFound
      }
      guard let claim = loaded[0].first else {
        return .replay(try await idempotency.kept(request, transaction, now: now))
      }
      // Taken over: the first request was cut off after it had cancelled, and only the money is left.
      if try !claim.bool(0), found.status == .cancelled {
        return .cancelled(voids: try loaded[5].map { try PaymentRows.void($0) })
      }
      let decision = try OrderCancellation.decide(found)
      var writes = [
        OrderStatements.setActor(.text(actor), .text(reason ?? "")), OrderStatements.cancel(order, .int64(found.version)),
        OrderStatements.cancelLines(order), HoldStatements.releaseOfOrder(order),
        CheckoutStatements.announce(
          .value(ids.next(EventKind.self)), order, .int64(found.version + 1), .text("order.cancelled"), .json("{}")),
      ]
      for payment in decision.voids {
        // The worker leaves it to this request until nobody can be at it any more.
        writes.append(
          PaymentStatements.insertVoid(.value(ids.next(OperationKind.self)), .value(payment), .value(request.lockUntil)))
      }
      try await transaction.run(writes)
      let voids = try await transaction.run(PaymentStatements.voidsOfOrder(order))
      return .cancelled(voids: try voids.map { try PaymentRows.void($0) })
    }
  }

  /// Keeps the answer of a finished cancellation.
  package func finish(_ request: KeyedRequest, _ answer: KeptAnswer, deadline: Deadline) async throws {
    _ = try await database.query(try idempotency.finish(request, answer), deadline: deadline)
  }
}

extension Parameter {
  fileprivate var uuidBytes: UUIDBytes {
    get throws {
      guard case .uuid(let bytes) = self else { throw StoredJSON.Malformed(member: "id") }
      return bytes
    }
  }
}
