import Postgres
import Shop

/// Stock as the merchant sees it: exact counts, and corrections of them.
package struct StockStore: Sendable {
  let database: Database
  private let idempotency: IdempotencyStore

  package init(_ database: Database, idempotency: IdempotencyStore) {
    self.database = database
    self.idempotency = idempotency
  }

  /// A correction that was booked.
  package struct Adjusted: Sendable {
    package let id: AdjustmentID
    package let delta: Int64
    package let level: StockLevel
    package let reason: String
    package let createdAt: Timestamp
  }

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
    """
    INSERT INTO sales.stock_level (variant_id, location_id)
    SELECT $1::uuid, l.id FROM sales.location l WHERE l.id = $2::uuid OR ($2::uuid IS NULL AND l.is_default)
    ON CONFLICT DO NOTHING
    """)
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

  /// Corrects the stock.
  ///
  /// Refuses with `stockReserved`, `stockChanged`, or `invalid` for an unknown variant or location.
  package func adjust(
    _ adjustment: StockAdjustment, keyed: KeyedRequest, _ moment: Moment, render: (Adjusted) -> KeptAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let subject: [Parameter] = [.value(adjustment.variant), .value(adjustment.location)]
      let loaded = try await transaction.run([
        Self.place.bind(subject), Self.ensure.bind(subject), Self.lock(.value(adjustment.variant)),
      ])
      guard let place = loaded[0].first else { throw Refusal.unknownReference("/location_id") }
      guard try place.bool(1) else { throw Refusal.unknownReference("/variant_id") }
      let location = LocationID(try place.uuid(0))
      let levels = try loaded[2].decode { row throws(PostgresError) in try Self.level(row) }
      guard let level = levels.first(where: { $0.location == location }) else {
        throw Refusal.unknownReference("/location_id")
      }
      let outcome = try adjustment.decide(on: level)
      var ids = IdentifierSequence()
      let id = ids.next(AdjustmentKind.self)
      // The merchant's reference names a paper, which may correct a variant twice; the movement's own id is what is unique.
      let reference = adjustment.reference.map { "\($0) \(id)" } ?? "\(id)"
      let booked = try await transaction.run(
        [
          Self.book(
            .value(id), .value(adjustment.variant), .value(location), .int32(Int32(clamping: outcome.delta)),
            .text(adjustment.reason), .text(reference))
        ], isLast: isLast)
      return render(
        Adjusted(
          id: id, delta: outcome.delta, level: outcome.level, reason: adjustment.reason,
          createdAt: Timestamp(microseconds: try booked[0][0].timestamp(0))))
    }
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
