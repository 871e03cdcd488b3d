import Foundation
import TestSupport

/// One run of the built program, from its arguments to its end.
struct ShopRun {
  let status: Int32
  let output: String
  let complaints: String

  static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: ShopProcess.executable.path) }

  /// - Parameter input: what it finds on standard input.
  init(_ arguments: [String], _ environment: [String: String] = [:], input: String = "") throws {
    // A file, since a pipe would fill up before the program reads it.
    let folder = FileManager.default.temporaryDirectory.appending(path: "shop-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "input")
    try Data(input.utf8).write(to: file)
    let process = Process()
    process.executableURL = ShopProcess.executable
    process.arguments = arguments
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: file)
    let (output, complaints) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    self.output = String(decoding: said, as: UTF8.self)
    self.complaints = String(decoding: complained, as: UTF8.self)
  }
}
