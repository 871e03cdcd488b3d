import ArgumentParser
import ShopService

struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Check the settings and print them, with secrets hidden.")

  func run() throws {
    let configuration = try Settings.load()
    let width = configuration.entries.map(\.name.count).max() ?? 0
    for entry in configuration.entries {
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      print("\(name)  \(entry.shown)\(entry.isDefault ? "  (default)" : "")")
    }
  }
}
