import Postgres

/// Products whose pages are rebuilt after the change that made them old: of a category with many (migration 0018).
package struct WaitingRefresh: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  /// So many are rebuilt in the change itself: 0.4 s at the most.
  static let atOnce: Int32 = 500

  private static let refresh = Statement("refresh_waiting", "SELECT catalogue.refresh_waiting($1::int)")

  /// Rebuilds up to `limit` in a transaction of their own; how many it were.
  package func refresh(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(Self.refresh(.int32(Int32(clamping: limit))), deadline: deadline)[0].int(0)
  }
}
