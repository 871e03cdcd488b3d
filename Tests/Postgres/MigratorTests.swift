import Foundation
import Testing

@testable import Postgres

@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason))
struct MigratorTests {
  let first = Migration(version: 1, name: "create_thing", sql: "CREATE TABLE thing (id int8); CREATE INDEX ON thing (id);")
  let second = Migration(version: 2, name: "fill_thing", sql: "INSERT INTO thing SELECT generate_series(1, 10)")

  @Test func `migrations run once each, in order, and are remembered`() async throws {
    let server = try PostgresServer()
    #expect(try Migrator(server.target, [first, second]).status().map(\.appliedAt) == [nil, nil])
    #expect(try Migrator(server.target, [first]).migrate() == 1)
    #expect(try Migrator(server.target, [first, second]).migrate() == 1)
    #expect(try Migrator(server.target, [first, second]).migrate() == 0)
    #expect(try server.count("SELECT count(*) FROM thing") == 10)
    #expect(try Migrator(server.target, [first, second]).status().allSatisfy { $0.appliedAt != nil })
    try await withDatabase(on: server) { database, _ in
      let version = try await database.schemaVersion()
      #expect(version == 2)
    }
  }

  @Test func `a database that was never migrated has version 0`() async throws {
    try await withDatabase { database, _ in
      let version = try await database.schemaVersion()
      #expect(version == 0)
    }
  }

  @Test func `a migration that fails leaves nothing behind`() throws {
    let server = try PostgresServer()
    let broken = Migration(version: 2, name: "break_thing", sql: "INSERT INTO thing VALUES (1); SELECT 1 / 0")
    let error = #expect(throws: MigrationError.self) { try Migrator(server.target, [first, broken]).migrate() }
    #expect(error?.description == "0002_break_thing.sql failed and was rolled back: ERROR 22012: division by zero")
    #expect(try server.count("SELECT count(*) FROM thing") == 0)
    #expect(try Migrator(server.target, [first, second]).migrate() == 1)
  }

  @Test func `a changed file, a missing one and one from the future are refused`() throws {
    let server = try PostgresServer()
    try Migrator(server.target, [first, second]).migrate()
    let changed = Migration(version: 1, name: "create_thing", sql: "CREATE TABLE other (id int8)")
    #expect(throws: MigrationError.self) { try Migrator(server.target, [changed, second]).migrate() }
    #expect(throws: MigrationError.self) { try Migrator(server.target, [first]).migrate() }
    try server.execute("DELETE FROM schema_migration WHERE version = 1")
    #expect(throws: MigrationError.self) { try Migrator(server.target, [first, second]).migrate() }
  }

  @Test func `a file may not end its transaction`() throws {
    let server = try PostgresServer()
    let ending = Migration(version: 1, name: "end_it", sql: "CREATE TABLE thing (id int8); COMMIT")
    #expect(throws: MigrationError.self) { try Migrator(server.target, [ending]).migrate() }
  }

  @Test func `eight processes migrate at once and each file runs once`() async throws {
    let server = try PostgresServer()
    let applied = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
              continuation.resume(with: Result { try Migrator(server.target, [first, second]).migrate() })
            }
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(applied == 2)
  }

  @Test func `a folder is read in order, and a wrong name, a gap and a double are refused`() throws {
    func folder(_ files: [String]) throws -> String {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in files { try "SELECT 1".write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8) }
      return folder.path
    }
    #expect(
      try Migration.all(in: folder(["0002_b_c.sql", "0001_a_b.sql", "README.md"])).map(\.fileName) == [
        "0001_a_b.sql", "0002_b_c.sql",
      ])
    #expect(try Migration.all(in: folder([])) == [])
    for files in [["0002_a_b.sql"], ["0001_a.sql", "0003_b.sql"], ["1_a.sql"], ["0001_A.sql"], ["0001_a.sql", "0001_b.sql"]] {
      let path = try folder(files)
      #expect(throws: MigrationError.self) { try Migration.all(in: path) }
    }
    #expect(throws: MigrationError.self) { try Migration.all(in: "/nonexistent") }
  }

  @Test func `the digest is that of the file's bytes`() {
    #expect(
      Migration(version: 1, name: "x", sql: "abc").digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
