import Postgres
import Reactor
import Shop
import Synchronization

/// One loop's copy of the rates, read anew after ten seconds: a changed rate is told, and charged, that late. A shopper never pays
/// another total than the one that was agreed to, whichever copy it came from.
package final class RateCache: Sendable {
  private static let lifetime: Duration = .seconds(10)

  private let database: Database
  private let kept = Mutex<(table: RateTable, until: Deadline)?>(nil)

  package init(_ database: Database) { self.database = database }

  func table(deadline: Deadline) async throws -> RateTable {
    let now = Deadline.measured()
    if let kept = kept.withLock({ $0 }), now < kept.until { return kept.table }
    let table = try RateTable(try await database.read(RateTable.statement(), deadline: deadline))
    kept.withLock { $0 = (table, now + Self.lifetime) }
    return table
  }
}
