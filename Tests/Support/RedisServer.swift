import Foundation
import Glibc
import Reactor

/// A redis-server of a test's own: in memory, in its own folder, ended with the test.
package final class RedisServer: Sendable {
  package static let executable = "/usr/bin/redis-server"
  package static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: executable) }

  package let port: UInt16
  package let socketPath: String
  private let folder: URL
  private let process: ChildProcess

  package var url: String { "redis://127.0.0.1:\(port)" }

  package init(_ options: [String] = [], port: UInt16? = nil, tls: TestAuthority.Certificate? = nil) throws {
    let port = try port ?? Loopback.freePort()
    self.port = port
    folder = FileManager.default.temporaryDirectory.appending(path: "shop-redis-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    socketPath = folder.path + "/redis.sock"
    let encryption = tls.map {
      ["--tls-port", String(port), "--tls-cert-file", $0.file, "--tls-key-file", $0.keyFile, "--tls-auth-clients", "no"]
    }
    process = try ChildProcess(
      Self.executable,
      ["--port", tls == nil ? String(port) : "0", "--unixsocket", socketPath, "--dir", folder.path, "--save", ""]
        + ["--bind", "127.0.0.1", "--enable-debug-command", "yes"] + (encryption ?? []) + options,
      output: .discarded, complaints: .discarded)
    let end = Instant.measured() + .seconds(20)
    // It listens at the port a moment before it does at the socket.
    while !Loopback.accepts(port) || !Loopback.accepts(unixPath: socketPath) {
      guard process.isRunning, .measured() < end else { throw TestFault("redis-server did not start") }
      usleep(2_000)
    }
  }

  deinit {
    process.kill()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Ends the server without a goodbye.
  package func kill() { process.kill() }

  /// Stops the server's process in its tracks: the kernel still accepts connections.
  package func freeze() { process.send(SIGSTOP) }
  package func thaw() { process.send(SIGCONT) }
}
