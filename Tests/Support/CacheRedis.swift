import Foundation
import Reactor
import Redis

/// A redis-server of a test's own.
package final class CacheRedis: Sendable {
  package let port: UInt16
  private let process = Process()

  package var url: String { "redis://127.0.0.1:\(port)" }

  package init() throws {
    guard let address = try Resolver.listening(host: "127.0.0.1", port: 0).first else { throw TestFault("no loopback") }
    let socket = try Socket.listening(on: address)
    guard let bound = socket.localAddress else { throw TestFault("no port") }
    port = bound.port
    _ = consume socket
    process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
    process.arguments = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", NSTemporaryDirectory()]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { kill() }

  package func kill() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// A connection on `loop` that has reached the server; deadlines are those of a busy machine.
  package func connection(on loop: EventLoop) async throws -> Redis.Connection {
    var configuration = try Redis.Configuration(url: url)
    configuration.commandDeadline = .seconds(5)
    configuration.failuresUntilOpen = 1_000
    let connection = Redis.Connection(configuration, on: loop)
    let deadline = Instant.measured() + .seconds(20)
    while true {
      do {
        try await connection.ping()
        return connection
      } catch {
        guard Instant.measured() < deadline else { throw TestFault("redis-server did not start") }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }
}
