import ArgumentParser
import Reactor
import ShopService
import Telemetry

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Do what the clock asks for: end holds and carts, settle payments, forget old keys.",
    discussion: "`serve` does it too unless SHOP_WORKER=off. Any number may run at once.")

  @Option(help: RoleOption.help)
  var role: Role?

  func run() throws {
    let configuration = try Settings.load(role: role)
    do {
      try EventLoop.runMain(blocking: Program.signals) { control in
        try await WorkerProgram.run(configuration, sink: LogSink(), on: control)
      }
    } catch {
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
  }
}
