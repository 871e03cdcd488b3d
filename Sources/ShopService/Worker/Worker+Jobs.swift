import Postgres
import Reactor
import ShopAPI
import ShopStore

extension Worker {
  private static var stepDeadline: Deadline { .measured() + .seconds(5) }

  /// What a role has to do. Each job claims its rows or skips those that another worker has locked.
  static func jobs(
    of configuration: Configuration, database: Database, report: @escaping @Sendable (CheckoutEvent) -> Void
  ) throws -> [Job] {
    var jobs: [Job] = []
    if configuration.role == .product {
      let doors = DoorStore(database)
      jobs.append(Job("beat", every: 2) { try await doors.beat(deadline: stepDeadline) })
    }
    if configuration.role.includes(.order) {
      jobs += orderJobs(try Checkouts.flow(configuration, database: database, report: report))
    }
    return jobs
  }

  private static func orderJobs(_ flow: CheckoutFlow) -> [Job] {
    [
      Job("expire holds") { try await untilFewer { try await flow.store.expireHolds(limit: $0, deadline: stepDeadline) } },
      Job("reconcile payments") { try await flow.reconcile(limit: 20) },
      Job("repeat voids", every: 10) { try await flow.repeatVoids(limit: 20) },
      Job("expire carts", every: 60) {
        try await untilFewer { try await flow.store.expireCarts(limit: $0, deadline: stepDeadline) }
      },
      Job("purge keys", every: 60) { try await untilFewer { try await flow.store.purgeKeys(limit: $0, deadline: stepDeadline) } },
    ]
  }

  /// In batches that lock few rows for a moment, until nothing is left: a busy shop makes more in a minute than one batch takes.
  private static func untilFewer(than batch: Int = 200, _ body: (_ limit: Int) async throws -> Int) async throws {
    while try await body(batch) == batch, !Task.isCancelled {}
  }
}
