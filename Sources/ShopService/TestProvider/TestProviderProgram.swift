import Glibc
import HTTPServer
import Reactor

/// The test provider as a program: serves until a signal.
package enum TestProviderProgram {
  package static func run(port: UInt16, decisionTime: Duration, on control: EventLoop) async throws {
    let server = try await TestProvider.start(port: port, on: control, decisionTime: decisionTime)
    let line = Array("test provider at \(server.addresses.first.map { "\($0)" } ?? "")\n".utf8)
    _ = write(STDOUT_FILENO, line, line.count)
    _ = try await Program.signal(on: control)
    await server.beginDrain()
    _ = await server.finishDrain(until: .measured() + .seconds(2))
  }
}
