import Foundation
import Reactor
import Testing

@testable import Postgres

/// The server that the tests share, named by `SHOP_TEST_DATABASE_URL`, and a database on it that is dropped at the end.
final class PostgresServer: Sendable {
  static let url = ProcessInfo.processInfo.environment["SHOP_TEST_DATABASE_URL"]
  static var isThere: Bool { url != nil }
  static let reason: Comment = "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"

  let target: ConnectionString
  private let server: ConnectionString

  init() throws {
    server = try ConnectionString(try #require(Self.url))
    let name = "shop_postgres_" + UUID().uuidString.lowercased().replacing("-", with: "")
    target = server.with(database: name)
    try BlockingSession(server, applicationName: "tests") { _ in }.execute("CREATE DATABASE \(name)")
  }

  deinit {
    guard let name = target.database else { return }
    try? BlockingSession(server, applicationName: "tests") { _ in }.execute("DROP DATABASE \(name) WITH (FORCE)")
  }

  func execute(_ sql: String) throws { try BlockingSession(target, applicationName: "tests") { _ in }.execute(sql) }

  func count(_ sql: String) throws -> Int { try BlockingSession(target, applicationName: "tests") { _ in }.query(sql)[0].int(0) }
}

/// A database of its own on a loop of its own, for one test.
func withDatabase(
  on server: PostgresServer? = nil, _ configure: (inout DatabaseOptions) -> Void = { _ in },
  _ body: @escaping @Sendable (Database, PostgresServer) async throws -> Void
) async throws {
  let server = try server ?? PostgresServer()
  var options = DatabaseOptions(target: server.target).patient
  configure(&options)
  let loop = try EventLoop(name: "test")
  try loop.start()
  let database = Database(options, loop: loop)
  let result = await Task(executorPreference: loop) { try await body(database, server) }.result
  await database.close(deadline: .measured() + .seconds(2))
  loop.stop()
  loop.join()
  try result.get()
}

extension DatabaseOptions {
  /// With limits that a busy machine does not reach: a test of a limit sets its own.
  var patient: DatabaseOptions {
    var options = self
    options.connectTimeout = .seconds(60)
    options.pointDeadline = .seconds(60)
    options.workDeadline = .seconds(60)
    options.poolWait = .seconds(60)
    options.groupWait = .seconds(60)
    options.pointStatementTimeout = .seconds(60)
    options.workStatementTimeout = .seconds(60)
    options.lockTimeout = .seconds(60)
    options.idleInTransactionTimeout = .seconds(60)
    options.longestBackoff = .milliseconds(100)
    return options
  }
}

extension PostgresError {
  var isTimeout: Bool { if case .timeout = self { true } else { false } }
  var isExhausted: Bool { if case .poolExhausted = self { true } else { false } }
  var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
  var isLost: Bool { if case .connectionLost = self { true } else { false } }
  var isCommitUnknown: Bool { if case .commitUnknown = self { true } else { false } }
  var isDecoding: Bool { if case .decoding = self { true } else { false } }
  var isClosed: Bool { if case .closed = self { true } else { false } }
}

/// The error that `body` throws, or nil.
func failure<Value>(_ body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}

/// Turns the loop until `condition` holds; false after a minute.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let end = Instant.measured() + .seconds(60)
  while Instant.measured() < end {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return false
}
