import Foundation
import Reactor
import Synchronization
import Testing

@testable import Redis

/// A redis-server of a test's own: in memory, in its own folder, ended with the test.
final class RedisServer: Sendable {
  let port: UInt16
  let folder: URL
  let socketPath: String
  private let process: Process

  var url: String { "redis://127.0.0.1:\(port)" }

  init(_ options: [String] = [], port: UInt16? = nil, tls: (certificate: String, key: String)? = nil) throws {
    let port = try port ?? freePort()
    self.port = port
    folder = FileManager.default.temporaryDirectory.appending(path: "shop-redis-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    socketPath = folder.path + "/redis.sock"
    let encryption = tls.map {
      ["--tls-port", String(port), "--tls-cert-file", $0.certificate, "--tls-key-file", $0.key, "--tls-auth-clients", "no"]
    }
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
    process.arguments =
      ["--port", tls == nil ? String(port) : "0", "--unixsocket", socketPath, "--dir", folder.path, "--save", ""]
      + ["--bind", "127.0.0.1", "--enable-debug-command", "yes"] + (encryption ?? []) + options
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 10)
    while !canConnect(port) {
      try #require(Date() < deadline && process.isRunning, "redis-server did not start")
      usleep(5_000)
    }
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Ends the server without a goodbye.
  func kill() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Stops the server's process in its tracks: the kernel still accepts connections.
  func freeze() { Glibc.kill(process.processIdentifier, SIGSTOP) }
  func thaw() { Glibc.kill(process.processIdentifier, SIGCONT) }
}

func freePort() throws -> UInt16 {
  let address = try #require(try Resolver.listening(host: "127.0.0.1", port: 0).first)
  let socket = try Socket.listening(on: address)
  let bound = socket.localAddress
  return try #require(bound).port
}

func canConnect(_ port: UInt16) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

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
