import Postgres
import Shop

/// Ends holds whose time is over, and forgets those that have ended.
package struct HoldExpiry: Sendable {
  /// What has ended is kept for a week: long enough to see why a shopper was told that something was gone.
  private static let daysKept: Int32 = 7

  private let database: Database

  package init(_ database: Database) { self.database = database }

  /// Gives back holds whose time is over: up to `limit`, the oldest first. How many there were.
  package func expire(limit: Int, deadline: Deadline) async throws -> Int {
    try await expire(HoldStatements.overdue(.int32(Int32(clamping: limit))), deadline: deadline)
  }

  /// As `expire`, of variants that are short.
  func expire(of variants: [VariantID], deadline: Deadline) async throws -> Int {
    try await expire(HoldStatements.overdueOfVariants(.uuids(variants.map(\.uuidBytes))), deadline: deadline)
  }

  private func expire(_ candidates: Query, deadline: Deadline) async throws -> Int {
    let rows = try await database.read(candidates, deadline: deadline)
    guard !rows.isEmpty else { return 0 }
    let holds = try rows.map { try $0.uuid(0) }
    let variants = try rows.map { try $0.uuid(1) }
    return try await database.patientTransaction(deadline: deadline) { transaction in
      try await transaction.commit(with: [
        HoldStatements.lockStockOfVariants(.uuids(variants)), HoldStatements.expire(.uuids(holds)),
      ])
      return holds.count
    }
  }

  /// Forgets up to `limit` holds that ended long ago; how many they were.
  package func purge(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(HoldStatements.purge(.int32(Int32(clamping: limit)), .int32(Self.daysKept)), deadline: deadline)
      .affected
  }
}
