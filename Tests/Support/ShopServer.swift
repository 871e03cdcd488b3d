import Foundation

/// `shop serve` as a process of its own that listens on a port that was free.
package final class ShopServer: ServedShop {
  package let process: ShopProcess
  package let port: UInt16
  package let contract: Contract?
  /// Kept as long as the server.
  private let database: TestDatabase

  private init(_ process: ShopProcess, _ database: TestDatabase, port: UInt16, contract: Contract) {
    self.process = process
    self.database = database
    self.port = port
    self.contract = contract
  }

  /// Returns when the process says that it is ready.
  package static func start(_ database: TestDatabase, _ settings: [String: String] = [:]) async throws -> ShopServer {
    let process = try ShopProcess(["serve"], ShopProcess.settings(database, settings))
    let line = try await process.line(saying: "ready")
    guard let port = line.firstMatch(of: /"address":"[^"]*:(\d+)"/).flatMap({ UInt16($0.1) }) else {
      throw TestFault("no port in \(line)")
    }
    return ShopServer(process, database, port: port, contract: try await .served(on: port))
  }
}
