import Foundation
import Postgres
import Synchronization

/// A migrated database of its own, dropped with the last reference.
package final class TestDatabase: Sendable {
  package let url: String
  /// Nil where it goes with its server.
  private let name: String?

  /// - Parameter role: the part of a shop that it holds.
  package init(role: String = "all") throws {
    guard let server = TestServer.serverURL else {
      throw TestFault("SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one")
    }
    let template = try Self.template(on: server)
    let name = "shop_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    self.name = name
    url = Self.url(of: name, on: server)
    try Self.run("CREATE DATABASE \(name) TEMPLATE \(template)", on: server)
    if role != "all" { try execute("SELECT catalogue.configure_role('\(role)')") }
  }

  /// The one of a server that a test has to itself.
  package init(on server: String) throws {
    name = nil
    url = Self.url(of: "shop", on: server)
    try Self.run("CREATE DATABASE shop", on: server)
    try Migrator(try ConnectionString(url), folder: Self.migrations).migrate()
  }

  deinit {
    if let name, let server = TestServer.serverURL {
      _ = try? Self.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: server)
    }
  }

  /// Runs statements that set the scene.
  package func execute(_ sql: String) throws { try Self.run(sql, on: url) }

  /// The first column of each row, as text.
  @discardableResult
  package func query(_ sql: String) throws -> [String] {
    try Self.run(sql, on: url).split(separator: "\n").map(String.init)
  }

  // MARK: The template

  private static let made = Mutex<String?>(nil)

  /// Made once a process: copying it takes a tenth of the time that migrating does.
  private static func template(on server: String) throws -> String {
    try made.withLock { made in
      if let made { return made }
      let name = "shop_template_\(ProcessInfo.processInfo.processIdentifier)"
      try run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: server)
      try run("CREATE DATABASE \(name)", on: server)
      try Migrator(try ConnectionString(url(of: name, on: server)), folder: migrations).migrate()
      made = name
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
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql, url]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw TestFault("psql: \(text)") }
    return text
  }
}
