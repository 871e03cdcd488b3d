import Foundation
import Reactor
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// A server on a free port of the loopback, over loops of its own.
final class RunningServer: Sendable {
  let server: Server
  let service: TestService
  let port: UInt16
  private let loops: [EventLoop]

  private init(_ limits: Limits, tls: TLSContext?, loops count: Int) throws {
    let loops = try (0..<count).map { try EventLoop(name: "test-\($0)") }
    for loop in loops { try loop.start() }
    let service = TestService()
    let server = try Server(
      host: "127.0.0.1", port: 0, loops: loops, services: loops.map { _ in service }, limits: limits, tls: tls)
    self.loops = loops
    self.service = service
    self.server = server
    port = try #require(server.addresses.first).port
  }

  /// Starts a server for `body`, and ends it after.
  static func serve<Result: Sendable>(
    _ limits: Limits = Limits(), tls: TLSContext? = nil, loops: Int = 1,
    _ body: (RunningServer) async throws -> Result
  ) async throws -> Result {
    let running = try RunningServer(limits, tls: tls, loops: loops)
    try await running.server.start()
    do {
      let result = try await body(running)
      await running.stop()
      return result
    } catch {
      await running.stop()
      throw error
    }
  }

  private func stop() async {
    service.openGate()
    _ = await server.finishDrain(until: .measured())
    for loop in loops {
      loop.stop()
      loop.join()
    }
  }

  /// Ends the drain on a loop, since the threads that tasks share may all be waiting in clients.
  func finishDrain(until deadline: Instant) -> Task<Bool, Never> {
    let server = server
    return Task(executorPreference: loops[0]) { await server.finishDrain(until: deadline) }
  }

  func client(receiveBuffer: Int32? = nil) throws -> RawClient { try RawClient(port: port, receiveBuffer: receiveBuffer) }

  var open: Int { server.statistics.open.load(ordering: .relaxed) }
}

/// Waits until `condition` holds, at most ten seconds.
func eventually(sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool) async throws {
  let deadline = Instant.measured() + .seconds(10)
  while try await !condition() {
    guard .measured() < deadline else {
      Issue.record("the condition did not come to hold", sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(2))
  }
}
