import ArgumentParser
import Glibc
import Postgres
import Reactor

/// The frame of commands that work on the database alone: one loop, one connection, an end with a sentence when it fails.
enum DatabaseWork {
  static func run<Value: Sendable>(_ body: @escaping @Sendable (Database) async throws -> Value) throws -> Value {
    var options = DatabaseOptions(target: try Settings.databaseTarget())
    options.workConnections = 1
    options.workDeadline = .seconds(3_600)
    options.workStatementTimeout = .seconds(600)
    options.lockTimeout = .seconds(30)
    // Rows are made ready between the trips.
    options.idleInTransactionTimeout = .seconds(120)
    do {
      return try EventLoop.runMain { [options] loop in
        let database = Database(options, loop: loop)
        do {
          let value = try await body(database)
          await database.close(deadline: .measured() + .seconds(2))
          return value
        } catch {
          await database.close(deadline: .measured() + .seconds(2))
          throw error
        }
      }
    } catch {
      Progress.clear()
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
  }
}
