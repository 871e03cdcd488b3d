import Postgres

/// Reads the backlog.
package struct BacklogStore: Sendable {
  private let database: Database

  package init(_ database: Database) { self.database = database }

  /// Reads partial indices alone, so its cost does not grow with the shop's history.
  package func read(deadline: Deadline) async throws(PostgresError) -> Backlog {
    guard let row = try await database.read(Self.backlog(), deadline: deadline).first else {
      return Backlog(openPayments: 0, oldestOpenPayment: 0, openVoids: 0, oldestOpenVoid: 0, overdueHolds: 0, outboxLag: 0)
    }
    return Backlog(
      openPayments: try row.int(0), oldestOpenPayment: try row.double(1), openVoids: try row.int(2),
      oldestOpenVoid: try row.double(3), overdueHolds: try row.int(4), outboxLag: try row.double(5))
  }

  private static let backlog = Statement(
    "backlog",
    """
    SELECT p.count, p.oldest, v.count, v.oldest, h.count, o.oldest
      FROM (SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
              FROM sales.payment WHERE state IN ('authorizing', 'requires_action', 'unknown')) p,
           (SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
              FROM sales.payment_operation WHERE kind = 'void' AND state IN ('pending', 'unknown')) v,
           (SELECT count(*) FROM (SELECT FROM sales.reservation
                                   WHERE state = 'held' AND expires_at < now() - interval '10 seconds' LIMIT 10000) overdue) h,
           (SELECT coalesce(max(extract(epoch FROM now() - e.created_at)), 0)::float8 AS oldest
              FROM sales.outbox_cursor c CROSS JOIN LATERAL
                   (SELECT created_at FROM sales.outbox WHERE (xid, sequence) > (c.xid, c.sequence)
                     ORDER BY xid, sequence LIMIT 1) e) o
    """)
}
