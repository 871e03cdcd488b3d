import Postgres
import Shop

/// Sets the stock of variants that an import found there already, after the products have been committed.
///
/// In steps of their own, each short and in the order of variants: a checkout waits for one at most, and cannot deadlock with it. The
/// whole import in one transaction would hold every row until its end, locked in the order of the file.
struct ImportStock {
  /// What the file counts.
  struct Count: Sendable {
    let item: Int
    let variant: VariantID
    let count: Int64
    let reference: String
  }

  let database: Database

  /// Some tens of milliseconds.
  private static let batch = 500

  private static let ensureLevels = Statement(
    "import_levels",
    """
    INSERT INTO sales.stock_level (variant_id, location_id)
    SELECT v.id, l.id FROM unnest($1::uuid[]) v (id) JOIN sales.location l ON l.is_default ORDER BY v.id ON CONFLICT DO NOTHING
    """)
  /// All locations of a variant, in the order that every command locks them.
  private static let lockLevels = Statement(
    "import_levels_lock",
    """
    SELECT s.variant_id, s.on_hand, s.reserved, s.backorder_limit, l.is_default
      FROM sales.stock_level s JOIN sales.location l ON l.id = s.location_id
     WHERE s.variant_id = ANY ($1::uuid[]) ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
    """)
  private static let readLevels = Statement(
    "import_levels_read",
    """
    SELECT s.variant_id, s.on_hand, s.reserved, s.backorder_limit, l.is_default
      FROM sales.stock_level s JOIN sales.location l ON l.id = s.location_id WHERE s.variant_id = ANY ($1::uuid[])
    """)
  private static let booked = Statement(
    "import_booked",
    """
    SELECT m.variant_id FROM sales.stock_movement m JOIN unnest($1::uuid[], $2::text[]) n (variant_id, ref)
        ON m.variant_id = n.variant_id AND m.kind = 'import' AND m.ref = n.ref
    """)
  private static let book = Statement(
    "import_stock",
    """
    WITH n AS (SELECT n.*, l.id AS location_id
                 FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) n (id, variant_id, delta, ref) JOIN sales.location l ON l.is_default),
         m AS (INSERT INTO sales.stock_movement (id, variant_id, location_id, kind, delta, reason, ref)
               SELECT id, variant_id, location_id, 'import', delta, 'import', ref FROM n RETURNING variant_id, location_id, delta)
    UPDATE sales.stock_level s SET on_hand = s.on_hand + m.delta, version = s.version + 1, updated_at = now()
      FROM m WHERE s.variant_id = m.variant_id AND s.location_id = m.location_id AND m.delta <> 0
    """)

  /// Some of `counts` as they stand in the database: which are booked by the same row of the same file, and what keeps one from it.
  private struct State {
    private var levels: [UUIDBytes: (onHand: Int64, reserved: Int64, backorder: Int64)] = [:]
    private let done: Set<UUIDBytes>

    init(levels rows: Rows, booked: Rows) throws {
      for row in rows where try row.bool(4) {
        levels[try row.uuid(0)] = (Int64(try row.int32(1)), Int64(try row.int32(2)), Int64(try row.int32(3)))
      }
      done = Set(try booked.decode { row throws(PostgresError) in try row.uuid(0) })
    }

    /// What is to be added to the stock; nil where there is nothing to book. What has been sold since a booking stays sold.
    func delta(_ count: Count) throws(Reserved) -> Int64? {
      let key = count.variant.uuidBytes
      guard !done.contains(key) else { return nil }
      let level = levels[key] ?? (0, 0, 0)
      guard level.reserved <= count.count + level.backorder else {
        throw Reserved(
          conflict: ProductImporting.Conflict(
            item: count.item, column: "stock", detail: "\(level.reserved) are reserved: no less can be on hand"))
      }
      return count.count - level.onHand
    }
  }

  private struct Reserved: Error {
    let conflict: ProductImporting.Conflict
  }

  /// What already stands against `counts`: looked up without a lock, so that most files are refused before anything is kept.
  static func conflicts(_ counts: [Count], _ transaction: Transaction) async throws -> [ProductImporting.Conflict] {
    guard !counts.isEmpty else { return [] }
    let variants = Parameter.uuids(counts.map(\.variant.uuidBytes))
    let found = try await transaction.run([readLevels(variants), booked(variants, .texts(counts.map(\.reference)))])
    let state = try State(levels: found[0], booked: found[1])
    return counts.compactMap { count in
      do throws(Reserved) {
        _ = try state.delta(count)
        return nil
      } catch {
        return error.conflict
      }
    }
  }

  /// How many were set, and which could not be since somebody has reserved more meanwhile. Run again, it goes on where it ended.
  func set(_ counts: [Count], deadline: Deadline) async throws -> (set: Int, refused: [ProductImporting.Conflict]) {
    let ordered = counts.sorted { $0.variant.uuidBytes < $1.variant.uuidBytes }
    var result: (set: Int, refused: [ProductImporting.Conflict]) = (0, [])
    for start in stride(from: 0, to: ordered.count, by: Self.batch) {
      let step = try await set(Array(ordered[start..<min(start + Self.batch, ordered.count)]), by: deadline)
      result.set += step.set
      result.refused += step.refused
    }
    return result
  }

  private func set(_ counts: [Count], by deadline: Deadline) async throws -> (set: Int, refused: [ProductImporting.Conflict]) {
    let variants = Parameter.uuids(counts.map(\.variant.uuidBytes))
    return try await database.transaction(deadline: deadline) { transaction in
      let found = try await transaction.run([
        Self.ensureLevels(variants), Self.lockLevels(variants), Self.booked(variants, .texts(counts.map(\.reference))),
      ])
      let state = try State(levels: found[1], booked: found[2])
      var ids = IdentifierSequence()
      var refused: [ProductImporting.Conflict] = []
      var rows: [(id: UUIDBytes, variant: UUIDBytes, delta: Int32, reference: String)] = []
      for count in counts {
        do throws(Reserved) {
          guard let delta = try state.delta(count) else { continue }
          // A count that was right is booked, too: only so is its replay harmless.
          rows.append(
            (ids.next(AdjustmentKind.self).uuidBytes, count.variant.uuidBytes, Int32(clamping: delta), count.reference))
        } catch {
          refused.append(error.conflict)
        }
      }
      if !rows.isEmpty {
        try await transaction.run(
          Self.book(
            .uuids(rows.map(\.id)), .uuids(rows.map(\.variant)), .int32s(rows.map(\.delta)), .texts(rows.map(\.reference))))
      }
      return (rows.count { $0.delta != 0 }, refused)
    }
  }
}
