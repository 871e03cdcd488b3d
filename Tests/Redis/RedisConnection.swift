import Glibc
import Reactor
import Synchronization
import Testing

@testable import Redis

/// Runs `body` on a loop of its own with a connection that is closed at the end.
func withConnection<Value: Sendable>(
  _ url: String, authorityFile: String? = nil, change: (inout Configuration) -> Void = { _ in },
  observe: @escaping @Sendable (Connection.Event) -> Void = { _ in },
  _ body: @escaping @Sendable (Connection) async throws -> Value
) async throws -> Value {
  signal(SIGPIPE, SIG_IGN)
  var configuration = try Configuration(url: url, authorityFile: authorityFile)
  // The machine that runs the tests may be busy: only tests of deadlines set short ones.
  configuration.commandDeadline = .seconds(5)
  configuration.connectDeadline = .seconds(5)
  change(&configuration)
  let loop = try EventLoop(name: "redis-test")
  try loop.start()
  defer {
    loop.stop()
    loop.join()
  }
  let connection = Connection(configuration, on: loop, observe: observe)
  return try await Task(executorPreference: loop) {
    let result: Result<Value, any Error>
    do { result = .success(try await body(connection)) } catch { result = .failure(error) }
    await connection.close()
    return try result.get()
  }.value
}

extension Connection {
  /// Waits, bounded, until `condition` holds.
  func until(_ condition: @Sendable (Connection) -> Bool, location: SourceLocation = #_sourceLocation) async throws {
    let deadline = Instant.measured() + .seconds(20)
    while !condition(self) {
      try #require(Instant.measured() < deadline, "waited in vain", sourceLocation: location)
      await loop.sleep(for: .milliseconds(2))
    }
  }

  /// The error of a command that is expected to fail.
  func failure(_ arguments: [Argument]) async -> RedisError? {
    do throws(RedisError) {
      _ = try await command(arguments)
      return nil
    } catch { return error }
  }
}

extension Atomic<UInt64> {
  var value: UInt64 { load(ordering: .relaxed) }
}
