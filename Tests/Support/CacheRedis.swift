import Reactor
import Redis

/// A redis-server of a test's own.
package struct CacheRedis: Sendable {
  private let server: RedisServer

  package init() throws { server = try RedisServer() }

  package var url: String { server.url }

  package func kill() { server.kill() }

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
