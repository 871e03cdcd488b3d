import ArgumentParser
import Reactor
import ShopService

struct TestProviderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-provider", abstract: "Run a payment provider for development and tests, on loopback.",
    discussion: """
      Found by the shop at SHOP_TEST_PROVIDER_URL. The token decides: tok_ok, tok_declined, tok_timeout (decided later),
      tok_requires_action (completed at its URL), tok_slow_MS. What it knows is gone when it ends.
      """)

  @Option(help: "The port to listen on; 0 takes a free one and prints it.")
  var port: UInt16

  @Option(help: "After how many milliseconds tok_timeout is decided.")
  var decisionMs = 2_000

  func run() throws {
    do {
      try EventLoop.runMain(blocking: Program.signals) { control in
        try await TestProviderProgram.run(port: port, decisionTime: .milliseconds(decisionMs), on: control)
      }
    } catch {
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
  }
}
