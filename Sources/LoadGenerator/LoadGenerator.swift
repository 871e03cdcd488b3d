import ArgumentParser
import Glibc
import Reactor

/// Loads a server of this machine, for the drills and benchmarks of `deploy/bench`; no part of the shop.
@main struct LoadGenerator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Sends requests to a server on 127.0.0.1 at a given rate, and prints as JSON what came of them.")

  @Option(help: "The server's port.") var port: UInt16
  @Option(help: "Connections, each with a request at a time.") var connections = 256
  @Option(help: "RATE:SECONDS, or max:SECONDS; several follow each other.") var phase: [String]
  @Option(help: "LABEL:WEIGHT:FILE with requests of one kind; LABEL! sends each at most once.") var requests: [String]
  @Option(help: "The same seed sends the same.") var seed: UInt64 = 1

  func run() throws {
    let phases = phase.compactMap { Phase($0) }
    let kinds = requests.compactMap { RequestKind($0) }
    guard !phases.isEmpty, phases.count == phase.count else { throw ValidationError("--phase is RATE:SECONDS or max:SECONDS") }
    guard !kinds.isEmpty, kinds.count == requests.count else { throw ValidationError("--requests is LABEL:WEIGHT:FILE") }
    guard let address = try Resolver.listening(host: "127.0.0.1", port: port).first else { return }
    let (connections, seed) = (connections, seed)
    let report = try EventLoop.runMain { loop in
      try await Self.report(to: address, connections, phases, kinds, seed, on: loop)
    }
    print(report)
  }

  private static func report(
    to address: SocketAddress, _ connections: Int, _ phases: [Phase], _ kinds: [RequestKind], _ seed: UInt64, on loop: EventLoop
  ) async throws -> String {
    var run: Run?
    await withUnsafeContinuation { continuation in
      do {
        run = try Run(
          to: address, connections: connections, phases: phases, kinds: kinds, seed: seed, on: loop,
          finish: { continuation.resume() })
      } catch {
        continuation.resume()
      }
    }
    return run?.report ?? "{}"
  }
}
