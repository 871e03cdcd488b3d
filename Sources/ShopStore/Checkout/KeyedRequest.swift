import Postgres
import Shop

/// A request that may be sent again: whose it is, its key, and what it must be equal to.
package struct KeyedRequest: Sendable {
  package let principal: String
  package let key: String
  /// SHA-256 over method, path and body.
  package let digest: [UInt8]
  /// Until when nobody else may take it over.
  package let lockUntil: Timestamp
  package let expiresAt: Timestamp

  package init(principal: String, key: String, digest: [UInt8], lockUntil: Timestamp, expiresAt: Timestamp) {
    self.principal = principal
    self.key = key
    self.digest = digest
    self.lockUntil = lockUntil
    self.expiresAt = expiresAt
  }
}

/// An answer as it is kept with its key, and given again byte for byte.
package struct KeptAnswer: Sendable, Equatable {
  package let status: Int
  package let location: String?
  package let contentType: String
  package let body: [UInt8]

  package init(status: Int, location: String? = nil, contentType: String = "application/json", body: [UInt8]) {
    self.status = status
    self.location = location
    self.contentType = contentType
    self.body = body
  }
}

/// The rows of `idempotency_key` that checkout and cancellation keep in the transactions of their effect.
enum KeyedRequestStatements {
  static let claim = Statement(
    "keyed_claim",
    """
    INSERT INTO sales.idempotency_key AS k (principal, key, request_sha256, lock_until, expires_at)
    VALUES ($1::text, $2::text, $3::bytea, $4::timestamptz, $5::timestamptz)
    ON CONFLICT (principal, key) DO UPDATE SET lock_until = excluded.lock_until, request_sha256 = excluded.request_sha256,
           expires_at = excluded.expires_at, state = 'running', status = NULL, headers = NULL, body = NULL
     WHERE k.expires_at < now() OR (k.state = 'running' AND k.lock_until < now() AND k.request_sha256 = excluded.request_sha256)
    RETURNING (xmax = 0) AS inserted
    """)
  static let read = Statement(
    "keyed_read",
    """
    SELECT request_sha256, state, lock_until, status, headers->>'Location', headers->>'Content-Type', body
      FROM sales.idempotency_key WHERE principal = $1 AND key = $2
    """)
  private static let outcome = """
    state = 'done', status = $3::smallint, headers = jsonb_build_object('Location', $4::text, 'Content-Type', $5::text), body = $6::bytea
    """
  static let finish = Statement(
    "keyed_finish", "UPDATE sales.idempotency_key SET \(outcome) WHERE principal = $1 AND key = $2")
  /// $1 the payment whose request it is; $2 only keeps the parameters of both forms in one order.
  static let finishOfPayment = Statement(
    "keyed_finish_of_payment",
    """
    UPDATE sales.idempotency_key k SET \(outcome) FROM sales.payment p
     WHERE p.id = $1::uuid AND p.cart_id = $2::uuid AND k.principal = p.idempotency_principal AND k.key = p.idempotency_key
       AND k.state = 'running'
    """)
  /// Half an answer was given: from now on a retry goes on from what is stored.
  static let yieldOfPayment = Statement(
    "keyed_yield_of_payment",
    """
    UPDATE sales.idempotency_key k SET lock_until = now() FROM sales.payment p
     WHERE p.id = $1::uuid AND k.principal = p.idempotency_principal AND k.key = p.idempotency_key AND k.state = 'running'
    """)
  static let purge = Statement(
    "keyed_purge",
    """
    DELETE FROM sales.idempotency_key WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM sales.idempotency_key WHERE expires_at < now() ORDER BY expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED))
    """)
}

extension KeyedRequest {
  var claimQuery: Query {
    KeyedRequestStatements.claim(
      .text(principal), .text(key), .bytes(digest), .value(lockUntil), .value(expiresAt))
  }

  func finishQuery(_ answer: KeptAnswer) -> Query {
    KeyedRequestStatements.finish(
      .text(principal), .text(key), .int16(Int16(answer.status)), answer.location.map { .text($0) } ?? .null,
      .text(answer.contentType), .bytes(answer.body))
  }

  /// The stored answer of a key that could not be claimed, or the refusal that says why there is none.
  func kept(_ transaction: Transaction, now: Timestamp) async throws -> KeptAnswer {
    let rows = try await transaction.run(KeyedRequestStatements.read(.text(principal), .text(key)))
    guard let row = rows.first, let state = IdempotencyRecord.State(rawValue: try row.string(1)) else {
      // Forgotten between two statements.
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
    let record = IdempotencyRecord(
      requestDigest: try row.bytes(0), state: state, lockUntil: Timestamp(microseconds: try row.timestamp(2)))
    guard try IdempotencyDecision(for: record, requestDigest: digest, now: now) == .replay else {
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
    return KeptAnswer(
      status: try row.int(3), location: try row.optionalString(4),
      contentType: try row.optionalString(5) ?? "application/json", body: try row.bytes(6))
  }
}
