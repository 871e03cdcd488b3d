import Foundation

/// A database session that holds what others need until it is released: whoever comes is stopped in the midst of a transaction.
package final class HeldLock: Sendable {
  private let psql: ChildProcess

  /// - Parameter statement: takes the lock, as in `SELECT … FOR UPDATE`.
  package init(_ database: TestDatabase, _ statement: String) async throws {
    let name = "holder-\(UUID().uuidString.prefix(8))"
    psql = try ChildProcess(
      "/usr/bin/env", ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", database.url], output: .discarded, hasInput: true)
    psql.write("BEGIN; \(statement); SET application_name = '\(name)';\n")
    try await until("the lock is held") {
      guard psql.isRunning else { throw TestFault("no lock by \(statement)") }
      return try database.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'") == ["1"]
    }
  }

  /// Commits what the statement has written, and returns when the session has ended.
  package func keep() {
    psql.write("COMMIT;\n")
    release()
  }

  /// Rolls back, and returns when the session has ended.
  package func release() {
    psql.endInput()
    _ = psql.waitForEnd(seconds: 10)
  }
}
