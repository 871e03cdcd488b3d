import Foundation
import Glibc

/// The built program as a process of its own: what a container runs, and what can be killed.
package final class ShopProcess: Sendable {
  /// The executable lies beside the test bundle.
  package static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "shop")

  /// Whether processes can be started, and have a PostgreSQL to work on.
  package static var isPossible: Bool {
    TestServer.isPossible && FileManager.default.isExecutableFile(atPath: executable.path)
  }
  package static let need = "needs the shop executable beside the tests and SHOP_TEST_DATABASE_URL: `make test` has both"

  private let process: ChildProcess

  package var pid: Int32 { process.pid }
  /// Standard output, line by line, as far as it has come.
  package var lines: [String] { process.text.split(separator: "\n").map(String.init) }

  /// - Parameter readsOutput: false leaves standard output unread: a pipe that fills up.
  package init(_ arguments: [String], _ settings: [String: String], readsOutput: Bool = true) throws {
    process = try ChildProcess(
      Self.executable.path, arguments, environment: settings, output: readsOutput ? .kept : .unread)
  }

  /// What a test's shop needs beside its database, whichever way it runs.
  package static func settings(_ database: TestDatabase, _ others: [String: String] = [:]) -> [String: String] {
    TestServer.settings(database).merging(["SHOP_LOG_LEVEL": "info"]) { $1 }.merging(others) { $1 }
  }

  package var isRunning: Bool { process.isRunning }

  /// Waits until a line of the log has this message; the line.
  @discardableResult
  package func line(saying message: String) async throws -> String {
    var found: String?
    try await until("the process says '\(message)'") {
      found = lines.first { $0.contains("\"message\":\"\(message)\"") }
      if found == nil, !isRunning { throw TestFault("the process has ended: \(lines.suffix(5))") }
      return found != nil
    }
    return found ?? ""
  }

  // MARK: The end

  /// Ends it without a goodbye, wherever it is.
  package func kill() { process.kill() }

  package func send(_ signal: Int32) { process.send(signal) }

  /// Waits for the end; the exit status, or the signal's number as a negative.
  package func end() async throws -> Int32 {
    try await until("the process ends") { !isRunning }
    guard let status = process.waitForEnd(seconds: 10) else { throw TestFault("the process does not end") }
    return status
  }

  /// Asks it to end, and waits until it has.
  @discardableResult
  package func terminate() async throws -> Int32 {
    send(SIGTERM)
    return try await end()
  }
}
