import Postgres
import Reactor
import Shop
import Synchronization

/// One loop's copy of the rates, read anew after a minute: a changed rate is told that late, and checkout reads the tables anyway.
final class RateCache: Sendable {
  private static let lifetime: Duration = .seconds(60)

  private let database: Database
  private let kept = Mutex<(table: RateTable, until: Deadline)?>(nil)

  init(_ database: Database) { self.database = database }

  func table(deadline: Deadline) async throws -> RateTable {
    let now = Deadline.measured()
    if let kept = kept.withLock({ $0 }), now < kept.until { return kept.table }
    let table = try RateTable(try await database.read(RateTable.statement(), deadline: deadline))
    kept.withLock { $0 = (table, now + Self.lifetime) }
    return table
  }
}
