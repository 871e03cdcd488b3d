import ArgumentParser
import Reactor
import ShopService
import Telemetry

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the API until SIGTERM or SIGINT.",
    discussion: "Logs go to standard output, one JSON object a line. Ends with 0 when every request was answered.")

  @Option(help: RoleOption.help)
  var role: Role?

  func run() throws {
    let configuration = try Settings.load(role: role)
    do {
      let isClean = try EventLoop.runMain(blocking: Program.signals) { control in
        try await Program(configuration, sink: LogSink()).runUntilSignalled(on: control)
      }
      if !isClean { throw ExitCode.failure }
    } catch let error where !(error is ExitCode) {
      Settings.complain("shop: cannot start: \(error)")
      throw ExitCode.failure
    }
  }
}
