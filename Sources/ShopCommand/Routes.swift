import ArgumentParser
import ShopService

struct Routes: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List every route: method, path, who may call it.")

  func run() throws {
    for line in try RouteList.lines() { print(line) }
  }
}
