import Reactor
import Redis
import TestSupport
import Testing

/// A redis-server of a test's own.
struct CacheRedis: Sendable {
  private let server: RedisServer

  init() throws { server = try RedisServer() }

  var url: String { server.url }

  func kill() { server.kill() }

  /// A connection on `loop` that has reached the server; deadlines are those of a busy machine.
  func connection(on loop: EventLoop) async throws -> Redis.Connection {
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
        try #require(Instant.measured() < deadline, "redis-server did not start")
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }
}
