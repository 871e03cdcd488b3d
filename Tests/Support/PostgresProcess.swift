import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of a test's own, which can be killed and started again; its data goes with it.
package final class PostgresProcess: Sendable {
  private static let binaries = "/usr/lib/postgresql/15/bin"
  /// It refuses to run as root.
  private static let user = "postgres"

  package static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: binaries + "/postgres") }
  package static let need = "needs PostgreSQL 15 in \(binaries)"

  package let port: UInt16
  private let folder: URL
  private let arguments: [String]
  private let process = Mutex<ChildProcess?>(nil)

  package var url: String { url("?sslmode=disable") }

  package func url(_ query: String, host: String = "127.0.0.1") -> String {
    "postgres://postgres@\(host):\(port)/postgres\(query)"
  }

  package init(tls: TestAuthority.Certificate? = nil) throws {
    port = try Loopback.freePort()
    folder = FileManager.default.temporaryDirectory.appending(path: "shop-postgres-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var settings = [
      "listen_addresses=127.0.0.1", "unix_socket_directories=", "jit=off", "wal_level=logical", "shared_buffers=32MB",
      // A killed process loses nothing that the kernel has.
      "fsync=off",
    ]
    if let tls {
      for (name, file) in [("server.pem", tls.file), ("server.key", tls.keyFile)] {
        try FileManager.default.copyItem(atPath: file, toPath: folder.path + "/" + name)
        try Self.give(folder.path + "/" + name)
      }
      settings += ["ssl=on", "ssl_cert_file=\(folder.path)/server.pem", "ssl_key_file=\(folder.path)/server.key"]
    }
    arguments = ["-D", folder.path + "/data", "-p", "\(port)"] + settings.flatMap { ["-c", $0] }
    try Self.give(folder.path)
    try ChildProcess.run(
      Self.binaries + "/initdb",
      ["-D", folder.path + "/data", "-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
      environment: [:], user: Self.user)
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func give(_ path: String) throws {
    chmod(path, path.hasSuffix(".key") ? 0o600 : 0o755)
    guard getuid() == 0, let entry = getpwnam(user) else { return }
    guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else { throw TestFault("chown \(path): errno \(errno)") }
  }

  /// Returns when it answers.
  package func start() throws {
    for _ in 0..<600 {
      let child = try process.withLock { process in
        // What a killed one has left behind may still be ending, and keeps the next from starting.
        if process?.isRunning != true {
          process = try ChildProcess(
            Self.binaries + "/postgres", arguments, environment: [:], output: .discarded, complaints: .discarded,
            deathSignal: "QUIT", user: Self.user)
        }
        return process
      }
      if Loopback.accepts(port), child?.isRunning == true,
        (try? ChildProcess.run("/usr/bin/env", ["psql", "-qXAt", "-c", "SELECT 1", url])) != nil
      {
        return
      }
      usleep(50_000)
    }
    throw TestFault("PostgreSQL did not start")
  }

  /// Ends it without a goodbye: SIGQUIT, so that its own processes end with it (`pg_ctl stop -m immediate`).
  package func kill() {
    process.withLock { process in
      process?.send(SIGQUIT)
      if process?.waitForEnd(seconds: 10) == nil { process?.kill() }
    }
  }
}
