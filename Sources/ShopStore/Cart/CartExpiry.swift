import Postgres

/// Ends carts whose time is over, and forgets those that came to nothing.
package struct CartExpiry: Sendable {
  /// A week beyond its expiry nobody comes back for a cart; by then its holds are forgotten, too.
  private static let daysKept: Int32 = 7

  private let database: Database

  package init(_ database: Database) { self.database = database }

  /// Ends up to `limit` carts whose time is over; how many they were.
  package func expire(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(CartStatements.expire(.int32(Int32(clamping: limit))), deadline: deadline).affected
  }

  /// Forgets up to `limit` carts that ended long ago and were never paid for, be it in vain; how many they were.
  package func purge(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(CartStatements.purge(.int32(Int32(clamping: limit)), .int32(Self.daysKept)), deadline: deadline)
      .affected
  }
}
