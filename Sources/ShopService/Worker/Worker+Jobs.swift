import Postgres
import Reactor
import ShopAPI
import ShopStore

extension Worker {
  private static var stepDeadline: Deadline { .measured() + .seconds(5) }

  /// All at the provider at the same time: as many as a loop has connections to the database to settle them.
  private static let paymentsAtOnce = 8

  /// What a role has to do. Each job claims its rows or skips those that another worker has locked.
  /// - Parameter cache: whose answers become old by it.
  static func jobs(
    of configuration: Configuration, database: Database, cache: ResponseCache,
    report: @escaping @Sendable (CheckoutEvent) -> Void
  ) throws -> [Job] {
    // Writes of every role may bring a key.
    let idempotency = try configuration.idempotencyStore(over: database)
    var jobs = [
      Job("purge keys", every: 60) { try await untilFewer { try await idempotency.purge(limit: $0, deadline: stepDeadline) } }
    ]
    if configuration.role.includes(.product) {
      let doors = DoorStore(database)
      let waiting = WaitingRefresh(database)
      jobs += [
        Job("beat", every: 2) { try await doors.beat(deadline: stepDeadline) },
        Job("refresh products") { try await refresh(waiting, cache) },
      ]
    }
    if configuration.role.includes(.order) {
      jobs +=
        paymentJobs(try Checkouts.flow(configuration, database: database, rates: RateCache(database), report: report))
        + clockJobs(database)
    }
    return jobs
  }

  private static func refresh(_ waiting: WaitingRefresh, _ cache: ResponseCache) async throws {
    var total = 0
    let result: Result<Void, any Error>
    do {
      try await untilFewer { limit in
        let count = try await waiting.refresh(limit: limit, deadline: stepDeadline)
        total += count
        return count
      }
      result = .success(())
    } catch {
      result = .failure(error)
    }
    // Once for all of them, and for those before a failure, too.
    if total > 0 { await cache.invalidate() }
    try result.get()
  }

  private static func paymentJobs(_ flow: CheckoutFlow) -> [Job] {
    [
      Job("reconcile payments") { try await untilFewer(than: paymentsAtOnce) { try await flow.reconcile(limit: $0) } },
      Job("repeat voids") { try await untilFewer(than: paymentsAtOnce) { try await flow.repeatVoids(limit: $0) } },
    ]
  }

  private static func clockJobs(_ database: Database) -> [Job] {
    let holds = HoldExpiry(database)
    let carts = CartExpiry(database)
    return [
      Job("expire holds") { try await untilFewer { try await holds.expire(limit: $0, deadline: stepDeadline) } },
      Job("expire carts", every: 60) { try await untilFewer { try await carts.expire(limit: $0, deadline: stepDeadline) } },
      Job("purge holds and carts", every: 3_600) {
        try await untilFewer { try await holds.purge(limit: $0, deadline: stepDeadline) }
        // Those that held something come after their holds.
        try await untilFewer { try await carts.purge(limit: $0, deadline: stepDeadline) }
      },
    ]
  }

  /// In batches that lock few rows for a moment, until nothing is left: a busy shop makes more in a minute than one batch takes.
  private static func untilFewer(than batch: Int = 200, _ body: (_ limit: Int) async throws -> Int) async throws {
    while try await body(batch) == batch, !Task.isCancelled {}
  }
}
