import Foundation
import Postgres
import Reactor
import ShopService
import Telemetry

/// A whole shop of its own for one test: the real program on a free port, over a database made from a migrated template.
package final class TestServer: Sendable {
  /// Names a PostgreSQL server on which tests may create databases; `make test` starts one.
  package static let serverURL = ProcessInfo.processInfo.environment["SHOP_TEST_DATABASE_URL"]
  package static var isPossible: Bool { serverURL != nil }

  package static let adminKey = "sk_test_0123456789abcdef0123456789abcdef"

  package let database: TestDatabase
  package let port: UInt16
  package let contract: Contract?
  private let program: Program

  private init(database: TestDatabase, program: Program, port: UInt16, contract: Contract) {
    self.database = database
    self.program = program
    self.port = port
    self.contract = contract
  }

  /// Starts a shop; a second one over the same `database` is a second process to it.
  package static func start(
    database: TestDatabase? = nil, settings: [String: String] = [:]
  ) async throws -> TestServer {
    let database = try database ?? TestDatabase(role: settings["SHOP_ROLE"] ?? "all")
    let environment = Self.settings(database).merging(settings) { $1 }
    let program = try Program(try Configuration(environment: environment), sink: LogSink(descriptor: STDERR_FILENO))
    try await program.start()
    guard let port = program.address?.port else { throw TestFault("the server has no address") }
    return TestServer(database: database, program: program, port: port, contract: try await .served(on: port))
  }

  /// What a shop for tests is set to, where a test says nothing else.
  static func settings(_ database: TestDatabase) -> [String: String] {
    [
      "SHOP_ENV": "test", "SHOP_DATABASE_URL": database.url, "SHOP_PORT": "0", "SHOP_LOOPS": "1", "SHOP_ADMIN_KEY": adminKey,
      "SHOP_SECRET_KEY": "test-secret-0123456789abcdef0123456789abcdef", "SHOP_LOG_LEVEL": "error", "SHOP_DRAIN_GRACE_MS": "0",
      "SHOP_DRAIN_DEADLINE_MS": "2000",
    ]
  }

  package func stop() async { _ = await program.drain() }

  /// Runs `body` against a shop, over a database of its own where none is given, and stops it afterwards, whatever happens.
  package static func with<Value>(
    database: TestDatabase? = nil, settings: [String: String] = [:], _ body: (TestServer) async throws -> Value
  ) async throws -> Value {
    let server = try await start(database: database, settings: settings)
    do {
      let value = try await body(server)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }
}

/// Something in the set-up of a test that is not as it should be.
package struct TestFault: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
