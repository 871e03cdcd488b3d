import ArgumentParser
import ShopService

struct Health: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a running server whether it lives; the exit status is the answer.",
    discussion: "For container health checks: needs no curl. Asks /health/live at SHOP_HOST and SHOP_PORT.")

  @Option(help: "Seconds to wait for the answer.")
  var timeout = 2

  func validate() throws {
    guard (1...60).contains(timeout) else { throw ValidationError("--timeout is from 1 to 60.") }
  }

  func run() throws {
    let variables = Settings.variables
    let host = variables["SHOP_HOST"] ?? "127.0.0.1"
    guard let port = UInt16(variables["SHOP_PORT"] ?? "8080") else { throw ValidationError("SHOP_PORT is no port number.") }
    do {
      try HealthCheck.run(host: host, port: port, timeout: .seconds(timeout))
    } catch {
      Settings.complain("shop: not healthy: \(error)")
      throw ExitCode.failure
    }
  }
}
