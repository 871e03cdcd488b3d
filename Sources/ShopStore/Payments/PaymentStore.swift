import Postgres
import Shop

/// Payments that are not at their end, for whoever asks their provider: each is given to one at a time.
package struct PaymentStore: Sendable {
  private let database: Database
  private let ids: IdentifierSource

  package init(_ database: Database, ids: IdentifierSource) {
    self.database = database
    self.ids = ids
  }

  // MARK: Reconciliation

  /// Payments that are due to be asked for; the caller's for `time`.
  package func claim(limit: Int, for time: Duration, deadline: Deadline) async throws -> [PaymentAttempt] {
    let claim = PaymentStatements.claim(.int32(Int32(clamping: limit)), .int64(time.components.seconds))
    return try await database.query(claim, deadline: deadline).map { try PaymentRows.attempt($0) }
  }

  /// Has a payment asked for again in about so many seconds.
  package func checkLater(_ payment: PaymentID, seconds: Int64, deadline: Deadline) async throws {
    _ = try await database.query(PaymentStatements.checkLater(.value(payment), .int64(seconds)), deadline: deadline)
  }

  // MARK: Voids

  /// Writes down that the payment is to be voided, unless it has been decided meanwhile. From then on only the void ends it.
  package func startVoiding(_ attempt: PaymentAttempt, deadline: Deadline) async throws {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let loaded = try await transaction.run([
        CheckoutStatements.lockCartsByID(.uuids([attempt.cart.uuidBytes])),
        PaymentStatements.lock(.value(attempt.payment), .bool(false)),
      ])
      guard let row = loaded[1].first, try PaymentRows.status(row, 0).isPending else { return }
      try await transaction.commit(with: [
        PaymentStatements.insertVoid(.value(ids.next(OperationKind.self)), .value(attempt.payment), .null)
      ])
    }
  }

  /// Voids that are due to be asked for; the caller's for `time`.
  package func claimVoids(limit: Int, for time: Duration, deadline: Deadline) async throws -> [PaymentVoid] {
    let claim = PaymentStatements.claimVoids(.int32(Int32(clamping: limit)), .int64(time.components.seconds))
    return try await database.query(claim, deadline: deadline).map { try PaymentRows.void($0) }
  }

  /// Has a void asked for again in about so many seconds.
  package func voidLater(_ void: PaymentVoid, seconds: Int64, deadline: Deadline) async throws {
    _ = try await database.query(PaymentStatements.voidLater(.value(void.operation), .int64(seconds)), deadline: deadline)
  }

  /// Records that the provider has confirmed it.
  package func didVoid(_ void: PaymentVoid, deadline: Deadline) async throws {
    _ = try await database.query(PaymentStatements.didVoid(.value(void.operation)), deadline: deadline)
  }
}
