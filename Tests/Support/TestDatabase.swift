import Foundation
import Postgres
import Synchronization

/// A migrated database of its own, dropped with the last reference.
package final class TestDatabase: Sendable {
  package let url: String
  /// Nil where it goes with its server.
  private let name: String?
  private let server: String

  /// - Parameters:
  ///   - role: the part of a shop that it holds.
  ///   - server: another than the tests' own.
  package init(role: String = "all", on server: String? = nil) throws {
    guard let server = server ?? TestServer.serverURL else {
      throw TestFault("SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one")
    }
    self.server = server
    let template = try Self.template(on: server)
    let name = "shop_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    self.name = name
    url = Self.url(of: name, on: server)
    try Self.run("CREATE DATABASE \(name) TEMPLATE \(template)", on: server)
    if role != "all" { try execute("SELECT catalogue.configure_role('\(role)')") }
  }

  /// The one of a server that a test has to itself.
  package init(aloneOn server: String) throws {
    name = nil
    self.server = server
    url = Self.url(of: "shop", on: server)
    try Self.run("CREATE DATABASE shop", on: server)
    try Migrator(try ConnectionString(url), folder: Self.migrations).migrate()
  }

  deinit {
    if let name { _ = try? Self.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: server) }
  }

  /// Runs statements that set the scene.
  package func execute(_ sql: String) throws { try Self.run(sql, on: url) }

  /// The first column of each row, as text.
  @discardableResult
  package func query(_ sql: String) throws -> [String] {
    try Self.run(sql, on: url).split(separator: "\n").map(String.init)
  }

  // MARK: The template

  /// By server.
  private static let made = Mutex<[String: String]>([:])

  /// Made once a process and server: copying it takes a tenth of the time that migrating does.
  private static func template(on server: String) throws -> String {
    try made.withLock { made in
      if let name = made[server] { return name }
      let name = "shop_template_\(ProcessInfo.processInfo.processIdentifier)"
      try run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: server)
      try run("CREATE DATABASE \(name)", on: server)
      try Migrator(try ConnectionString(url(of: name, on: server)), folder: migrations).migrate()
      made[server] = name
      return name
    }
  }

  private static var migrations: String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Migrations").standardized.path
  }

  private static func url(of name: String, on server: String) -> String {
    guard var parts = URLComponents(string: server) else { return server }
    parts.path = "/" + name
    return parts.string ?? server
  }

  @discardableResult
  static func run(_ sql: String, on url: String) throws -> String {
    try ChildProcess.run("/usr/bin/env", ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
  }
}
