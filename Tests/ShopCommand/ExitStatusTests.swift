import Foundation
import Testing

/// The built program as its callers see it: what it says and how it ends.
@Suite struct ExitStatusTests {
  private struct Ended {
    let status: Int32
    let output: String
    let complaints: String
  }

  /// The executable lies beside the test bundle.
  private static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "shop")

  private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Ended {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.environment = environment
    let (output, complaints) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
      complaints: String(decoding: complained, as: UTF8.self))
  }

  private static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: executable.path) }

  @Test(.enabled(if: isBuilt, "the shop executable is not beside the tests"), arguments: ["serve", "check-config"])
  func `faults of the settings end with 78, all of them told`(command: String) throws {
    let ended = try run([command], ["SHOP_PORT": "http", "SHOP_ENV": "moon"])
    #expect(ended.status == 78)
    for name in ["SHOP_PORT", "SHOP_ENV", "SHOP_DATABASE_URL", "SHOP_SECRET_KEY"] {
      #expect(ended.complaints.contains("shop: \(name): "))
    }
  }

  @Test(.enabled(if: isBuilt, "the shop executable is not beside the tests"))
  func `check-config prints the settings without their secrets`() throws {
    let ended = try run(
      ["check-config"],
      ["SHOP_DATABASE_URL": "postgres://shop:hunter2@db/shop", "SHOP_SECRET_KEY": String(repeating: "k", count: 40)])
    #expect(ended.status == 0)
    #expect(ended.output.contains("postgres://shop:***@db/shop"))
    #expect(!ended.output.contains("hunter2"))
    #expect(!ended.output.contains("kkkk"))
  }

  @Test(.enabled(if: isBuilt, "the shop executable is not beside the tests"))
  func `health fails where nothing listens`() throws {
    // Port 1 (tcpmux) is nobody's.
    let ended = try run(["health"], ["SHOP_PORT": "1"])
    #expect(ended.status == 1)
    #expect(ended.complaints.hasPrefix("shop: not healthy: "))
  }
}
