import ArgumentParser
import Reactor
import ShopService
import Telemetry

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Do what the clock asks for: end holds and carts, settle payments, forget old keys.",
    discussion: """
      `serve` does it too unless SHOP_WORKER=off. Any number may run at once. With --listen, /health… and /metrics are served at \
      SHOP_HOST and SHOP_PORT: `shop health` and Prometheus ask there.
      """)

  @Option(help: RoleOption.help)
  var role: Role?

  @Flag(help: "Serve its health and its metrics.")
  var listen = false

  func run() throws {
    let configuration = try Settings.load(role: role)
    let listens = listen
    do {
      try EventLoop.runMain(blocking: Program.signals) { control in
        try await WorkerProgram.run(configuration, listens: listens, sink: LogSink(), on: control)
      }
    } catch {
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
  }
}
