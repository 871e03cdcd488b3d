import Postgres
import Reactor
import ShopAPI
import ShopStore

extension Worker {
  private static let batch = 200
  private static var stepDeadline: Deadline { .measured() + .seconds(5) }

  /// What a role has to do. Each job claims its rows or skips those that another worker has locked.
  static func jobs(
    of configuration: Configuration, database: Database, report: @escaping @Sendable (CheckoutEvent) -> Void
  ) throws -> [Job] {
    var jobs: [Job] = []
    if configuration.role.includes(.order) {
      jobs += orderJobs(try Checkouts.flow(configuration, database: database, report: report))
    }
    return jobs
  }

  private static func orderJobs(_ flow: CheckoutFlow) -> [Job] {
    [
      Job("expire holds") { while try await flow.store.expireHolds(limit: batch, deadline: stepDeadline) == batch {} },
      Job("reconcile payments") { try await flow.reconcile(limit: 20) },
      Job("repeat voids", every: 10) { try await flow.repeatVoids(limit: 20) },
      Job("expire carts", every: 60) { _ = try await flow.store.expireCarts(limit: 1_000, deadline: stepDeadline) },
      Job("purge keys", every: 60) { _ = try await flow.store.purgeKeys(limit: 1_000, deadline: stepDeadline) },
    ]
  }
}
