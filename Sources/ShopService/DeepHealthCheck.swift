import Postgres
import Reactor

/// Asks the database for the sake of a region's failover: at most once in five seconds, and once at a time.
actor DeepHealthCheck {
  private let database: Database
  private var last: (result: Bool, at: Instant)?
  private var running: Task<Bool, Never>?

  nonisolated var unownedExecutor: UnownedSerialExecutor { database.loop.asUnownedSerialExecutor() }

  init(database: Database) { self.database = database }

  func passes() async -> Bool {
    if let last, Instant.measured() < last.at + .seconds(5) { return last.result }
    if let running { return await running.value }
    let task = Task(executorPreference: database.loop) { [database] in
      do {
        try await database.ping(deadline: .measured() + .seconds(1))
        return true
      } catch {
        return false
      }
    }
    running = task
    let result = await task.value
    running = nil
    last = (result, .measured())
    return result
  }
}
