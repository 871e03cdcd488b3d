import Postgres
import Shop

/// Stock as the merchant sees it: exact counts, and corrections of them.
package struct StockStore: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  /// A correction that was booked.
  package struct Adjusted: Sendable {
    package let id: AdjustmentID
    package let delta: Int64
    package let level: StockLevel
    package let reason: String
    package let createdAt: Timestamp
  }

  /// What the caller sent to make retries harmless, and the answer that a retry gets again.
  package struct Retry: Sendable {
    package let key: String
    package let digest: [UInt8]
    package let now: Timestamp
    /// How long the answer is kept, in seconds.
    package let lifetime: Int64

    package init(key: String, digest: [UInt8], now: Timestamp, lifetime: Int64) {
      self.key = key
      self.digest = digest
      self.now = now
      self.lifetime = lifetime
    }
  }

  package enum Answer: Sendable {
    case made([UInt8])
    /// The bytes of the first answer.
    case replayed([UInt8])
  }

  // MARK: Retries

  private static let principal = "admin stock-adjustments"
  private static let claim = Statement(
    "adjustment_claim",
    """
    INSERT INTO sales.idempotency_key AS k (principal, key, request_sha256, lock_until, expires_at)
    VALUES ($1::text, $2::text, $3::bytea, now(), $4::timestamptz)
    ON CONFLICT (principal, key) DO UPDATE SET request_sha256 = excluded.request_sha256, lock_until = excluded.lock_until,
           expires_at = excluded.expires_at, state = 'running', status = NULL, headers = NULL, body = NULL
     WHERE k.expires_at < now()
    RETURNING key
    """)
  private static let read = Statement(
    "adjustment_answer", "SELECT request_sha256, body FROM sales.idempotency_key WHERE principal = $1::text AND key = $2::text")
  private static let keep = Statement(
    "adjustment_keep",
    "UPDATE sales.idempotency_key SET state = 'done', status = 201, body = $3::bytea WHERE principal = $1::text AND key = $2::text"
  )

  // MARK: Adjusting

  private static let place = Statement(
    "adjustment_place",
    """
    SELECT l.id, EXISTS (SELECT FROM catalogue.offer WHERE variant_id = $1::uuid)
                 OR EXISTS (SELECT FROM sales.stock_level WHERE variant_id = $1::uuid)
      FROM sales.location l WHERE l.id = $2::uuid OR ($2::uuid IS NULL AND l.is_default)
    """)
  private static let ensure = Statement(
    "adjustment_level",
    "INSERT INTO sales.stock_level (variant_id, location_id) VALUES ($1::uuid, $2::uuid) ON CONFLICT DO NOTHING")
  /// All locations of the variant, in the order that every command locks them.
  private static let lock = Statement(
    "adjustment_lock",
    """
    SELECT \(StockStore.columns) FROM sales.stock_level WHERE variant_id = $1::uuid
     ORDER BY variant_id, location_id FOR NO KEY UPDATE
    """)
  private static let book = Statement(
    "adjustment_book",
    """
    WITH m AS (INSERT INTO sales.stock_movement (id, variant_id, location_id, kind, delta, reason, ref)
               VALUES ($1::uuid, $2::uuid, $3::uuid, 'adjustment', $4::int, $5::text, $6::text)
               RETURNING variant_id, location_id, delta, created_at),
         s AS (UPDATE sales.stock_level s SET on_hand = s.on_hand + m.delta, version = s.version + 1, updated_at = now()
                 FROM m WHERE s.variant_id = m.variant_id AND s.location_id = m.location_id)
    SELECT created_at FROM m
    """)

  /// Corrects the stock once, however often the same request comes.
  ///
  /// Refuses with `stockReserved`, `stockChanged`, `idempotencyMismatch`, or `invalid` for an unknown variant or location.
  /// - Parameter write: makes the answer, which is kept with the effect.
  package func adjust(
    _ adjustment: StockAdjustment, _ retry: Retry, deadline: Deadline, _ write: @Sendable (Adjusted) -> [UInt8]
  ) async throws -> Answer {
    try await database.transaction(deadline: deadline) { transaction in
      let expiry = retry.now.adding(seconds: retry.lifetime)
      // Waits here while the same key is at work elsewhere.
      let opening = try await transaction.run([
        Self.claim(.text(Self.principal), .text(retry.key), .bytes(retry.digest), .value(expiry)),
        Self.read(.text(Self.principal), .text(retry.key)),
        Self.place(.value(adjustment.variant), .value(adjustment.location)),
      ])
      guard !opening[0].isEmpty else {
        guard let kept = opening[1].first, try kept.bytes(0) == retry.digest else { throw Refusal.idempotencyMismatch }
        guard let body = try kept.optionalBytes(1) else { throw Refusal.idempotencyInProgress(retryAfter: 1) }
        return .replayed(body)
      }
      guard let place = opening[2].first else { throw Refusal.unknownReference("/location_id") }
      guard try place.bool(1) else { throw Refusal.unknownReference("/variant_id") }
      let location = LocationID(try place.uuid(0))
      let adjusted = try await Self.book(adjustment, at: location, transaction)
      let body = write(adjusted)
      try await transaction.commit(with: [Self.keep(.text(Self.principal), .text(retry.key), .bytes(body))])
      return .made(body)
    }
  }

  private static func book(
    _ adjustment: StockAdjustment, at location: LocationID, _ transaction: Transaction
  ) async throws -> Adjusted {
    let levels = try await transaction.run([
      ensure(.value(adjustment.variant), .value(location)), lock(.value(adjustment.variant)),
    ])[1]
    let all = try levels.decode { row throws(PostgresError) in try level(row) }
    guard let level = all.first(where: { $0.location == location }) else { throw Refusal.unknownReference("/location_id") }
    let outcome = try adjustment.decide(on: level)
    var ids = IdentifierSequence()
    let id = ids.next(AdjustmentKind.self)
    // The merchant's reference names a paper, which may correct a variant twice; the movement's own id is what is unique.
    let reference = adjustment.reference.map { "\($0) \(id)" } ?? "\(id)"
    let booked = try await transaction.run(
      book(
        .value(id), .value(adjustment.variant), .value(location), .int32(Int32(clamping: outcome.delta)),
        .text(adjustment.reason), .text(reference)))
    return Adjusted(
      id: id, delta: outcome.delta, level: outcome.level, reason: adjustment.reason,
      createdAt: Timestamp(microseconds: try booked[0].timestamp(0)))
  }

  // MARK: Levels

  private static let columns = "variant_id, location_id, on_hand, reserved, backorder_limit, version"
  private static let page = Statement(
    "stock_levels",
    """
    SELECT \(StockStore.columns) FROM sales.stock_level
     WHERE ($1::uuid IS NULL OR variant_id = $1::uuid) AND (variant_id, location_id) > ($2::uuid, $3::uuid)
     ORDER BY variant_id, location_id LIMIT $4::bigint
    """)

  private static func level(_ row: Row) throws(PostgresError) -> StockLevel {
    StockLevel(
      variant: VariantID(try row.uuid(0)), location: LocationID(try row.uuid(1)), onHand: Int64(try row.int32(2)),
      reserved: Int64(try row.int32(3)), backorderLimit: Int64(try row.int32(4)), version: try row.int64(5))
  }

  /// Levels in order of variant and location, from behind `start` on.
  package func levels(
    of variant: VariantID?, after start: (variant: VariantID, location: LocationID)?, limit: Int, deadline: Deadline
  ) async throws -> (levels: [StockLevel], hasNext: Bool) {
    let none = UUIDBytes(high: 0, low: 0)
    let rows = try await database.query(
      Self.page(
        .value(variant), .uuid(start?.variant.uuidBytes ?? none), .uuid(start?.location.uuidBytes ?? none),
        .int64(Int64(limit + 1))), deadline: deadline)
    let levels = try rows.decode { row throws(PostgresError) in try Self.level(row) }
    return (Array(levels.prefix(limit)), levels.count > limit)
  }
}
