import Foundation
import Reactor
import Synchronization

/// A PostgreSQL of a test's own and a standby that follows it: what can be held up, stopped and promoted.
///
/// What the primary has acknowledged is with the standby, as it is with all members of an Aurora cluster.
package final class PostgresPair: Sendable {
  package let primary: Node
  package let standby: Node
  /// The shop's database, as the primary has it.
  package let database: TestDatabase

  package init() throws {
    primary = try Node()
    standby = try Node()
    try primary.makeAnew()
    try primary.start()
    database = try TestDatabase(aloneOn: primary.url())
    try standby.copy(primary)
    try standby.start()
    try primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    try primary.execute("SELECT pg_reload_conf()")
  }

  /// The reader's URL, and a bound on how far it may be behind.
  package func readerSettings(maximumLag: Duration = .seconds(5)) -> [String: String] {
    [
      "SHOP_DATABASE_READ_URL": standby.url("shop"),
      "SHOP_READ_MAX_LAG_MS": "\(maximumLag.components.seconds * 1_000)",
    ]
  }

  /// While `body` runs, the standby gets what is written but does not show it.
  package func withReplayPaused<Value>(_ body: () async throws -> Value) async throws -> Value {
    try standby.execute("SELECT pg_wal_replay_pause()")
    try await until("replay stands still") { try standby.query("SELECT pg_get_wal_replay_pause_state()") == "paused" }
    let result: Result<Value, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    try standby.execute("SELECT pg_wal_replay_resume()")
    return try result.get()
  }

  /// Makes the standby the one that takes writes.
  package func promote() throws { try standby.execute("SELECT pg_promote(true, 30)") }

  /// One server with a folder and a port of its own.
  package final class Node: Sendable {
    private static let programs = "/usr/lib/postgresql/15/bin/"
    private static let settings = [
      "listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_level=replica", "hot_standby=on", "max_wal_senders=4",
      "max_connections=100", "shared_buffers=32MB", "jit=off", "wal_retrieve_retry_interval=100ms",
    ]

    package let port: UInt16
    private let folder: URL
    private let server = Mutex<Process?>(nil)
    private var data: String { folder.appending(path: "data").path }

    fileprivate init() throws {
      guard let address = try Resolver.listening(host: "127.0.0.1", port: 0).first else { throw TestFault("no loopback") }
      let socket = try Socket.listening(on: address)
      guard let bound = socket.localAddress else { throw TestFault("no port") }
      port = bound.port
      _ = consume socket
      folder = FileManager.default.temporaryDirectory.appending(path: "shop-postgres-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // PostgreSQL does not run as root.
      if geteuid() == 0 { try Self.run("chown", ["postgres", folder.path], asPostgres: false) }
    }

    deinit {
      stop()
      try? FileManager.default.removeItem(at: folder)
    }

    package func url(_ database: String = "postgres") -> String {
      "postgres://postgres@127.0.0.1:\(port)/\(database)?sslmode=disable"
    }

    fileprivate func makeAnew() throws {
      try Self.run(
        Self.programs + "initdb",
        ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
    }

    fileprivate func copy(_ other: Node) throws {
      try Self.run(
        Self.programs + "pg_basebackup",
        ["-D", data, "-h", "127.0.0.1", "-p", "\(other.port)", "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync"])
    }

    package func start() throws {
      let settings = (["port=\(port)"] + Self.settings).flatMap { ["-c", $0] }
      let process = try Self.process(Self.programs + "postgres", ["-D", data] + settings)
      process.standardError = try Self.log(at: folder)
      try process.run()
      server.withLock { $0 = process }
      let end = Instant.measured() + .seconds(60)
      while (try? query("SELECT 1")) != "1" {
        guard process.isRunning, Instant.measured() < end else {
          throw TestFault("PostgreSQL does not start: \(Self.text(of: folder))")
        }
        usleep(50_000)
      }
    }

    /// At once, without a goodbye to anyone.
    package func stop() {
      let process = server.withLock { server in
        defer { server = nil }
        return server
      }
      guard let process, process.isRunning else { return }
      kill(process.processIdentifier, SIGQUIT)
      process.waitUntilExit()
    }

    package func execute(_ sql: String) throws { try TestDatabase.run(sql, on: url()) }

    /// The first value.
    package func query(_ sql: String, in database: String = "postgres") throws -> String {
      try TestDatabase.run(sql, on: url(database)).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func run(_ program: String, _ arguments: [String], asPostgres: Bool = true) throws {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "shop-postgres-command-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let process = try process(program, arguments, asPostgres: asPostgres)
      process.standardError = try log(at: folder)
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw TestFault("\(program): \(text(of: folder))") }
    }

    private static func process(_ program: String, _ arguments: [String], asPostgres: Bool = true) throws -> Process {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      let user = asPostgres && geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
      process.arguments = ["LC_ALL=C.UTF-8"] + user + [program] + arguments
      process.currentDirectoryURL = URL(filePath: "/")
      process.standardOutput = FileHandle.nullDevice
      return process
    }

    private static func log(at folder: URL) throws -> FileHandle {
      let file = folder.appending(path: "log")
      if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
      let handle = try FileHandle(forWritingTo: file)
      _ = try handle.seekToEnd()
      return handle
    }

    private static func text(of folder: URL) -> String {
      (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
    }
  }
}
