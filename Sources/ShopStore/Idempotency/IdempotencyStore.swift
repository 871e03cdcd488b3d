import Crypto
import Postgres
import Shop

/// Makes commands repeatable: the key's row is written in the transaction of the effect, so both are there or neither.
///
/// A command that refuses leaves no row behind, and is worked out anew when it is sent again. Without a key it costs nothing.
package struct IdempotencyStore: Sendable {
  private let cipher: AESGCM

  package init(_ ring: KeyRing) { cipher = AESGCM(ring, purpose: "stored answers") }

  /// Does `effect` once for each key, and gives the kept answer to whoever sends it again.
  ///
  /// Refuses with `idempotency_mismatch` when the key was another request's, `idempotency_in_progress` while that one runs.
  /// - Parameters:
  ///   - keyed: nil where no key was sent.
  ///   - isSecret: the answer holds a secret, and is kept sealed.
  ///   - effect: may run again after a serialization failure. With `isLast` nothing follows: it should send COMMIT with its last
  ///     trip. Its answer must be one that is kept (`IdempotencyDecision.keeps`).
  package func answer(
    _ keyed: KeyedRequest?, isSecret: Bool, _ database: Database, _ moment: Moment,
    effect: (Transaction, _ isLast: Bool) async throws -> KeptAnswer
  ) async throws -> GivenAnswer {
    guard let keyed else {
      return GivenAnswer(
        try await database.transaction(deadline: moment.deadline) { transaction in try await effect(transaction, true) })
    }
    return try await database.transaction(deadline: moment.deadline) { transaction in
      guard try await claim(keyed, transaction) else {
        return GivenAnswer(try await kept(keyed, transaction, now: moment.now), isReplayed: true)
      }
      let answer = try await effect(transaction, false)
      try await transaction.commit(with: [try finish(keyed, answer, isSecret: isSecret)])
      return GivenAnswer(answer)
    }
  }

  /// Whether the key is ours; another's insert of the same key is waited for.
  private func claim(_ keyed: KeyedRequest, _ transaction: Transaction) async throws -> Bool {
    do {
      return try await !transaction.run(keyed.claimQuery).isEmpty
    } catch  where error.sqlState == "55P03" {
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
  }

  private static let readStatement = Statement(
    "idempotency_read",
    """
    SELECT request_sha256, state, lock_until, status, headers->>'Location', headers->>'Content-Type', body, encrypted
      FROM sales.idempotency_key WHERE principal = $1::text AND key = $2::text
    """)
  private static let finishStatement = Statement(
    "idempotency_finish",
    """
    UPDATE sales.idempotency_key SET state = 'done', status = $3::smallint,
           headers = jsonb_build_object('Location', $4::text, 'Content-Type', $5::text), body = $6::bytea, encrypted = $7::boolean
     WHERE principal = $1::text AND key = $2::text
    """)

  private func kept(_ keyed: KeyedRequest, _ transaction: Transaction, now: Timestamp) async throws -> KeptAnswer {
    let rows = try await transaction.run(Self.readStatement(.text(keyed.principal), .text(keyed.key)))
    guard let row = rows.first, let state = IdempotencyRecord.State(rawValue: try row.string(1)) else {
      // Purged between two statements.
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
    let record = IdempotencyRecord(
      requestDigest: try row.bytes(0), state: state, lockUntil: Timestamp(microseconds: try row.timestamp(2)))
    guard try IdempotencyDecision(for: record, requestDigest: keyed.digest, now: now) == .replay else {
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
    let body = try row.bytes(6)
    return KeptAnswer(
      status: try row.int(3), location: try row.optionalString(4),
      contentType: try row.optionalString(5) ?? "application/json",
      body: try row.bool(7) ? try cipher.open(body, context: keyed.context) : body)
  }

  private func finish(_ keyed: KeyedRequest, _ answer: KeptAnswer, isSecret: Bool) throws -> Query {
    Self.finishStatement(
      .text(keyed.principal), .text(keyed.key), .int16(Int16(clamping: answer.status)),
      answer.location.map { .text($0) } ?? .null, .text(answer.contentType),
      .bytes(isSecret ? try cipher.seal(answer.body, context: keyed.context) : answer.body), .bool(isSecret))
  }
}

extension KeyedRequest {
  /// What a sealed answer belongs to: moved to another key, it opens no more.
  fileprivate var context: [UInt8] { Array("\(principal)\n\(key)".utf8) }
}
