import ArgumentParser
import ShopService

struct Routes: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List every route: method, path, who may call it.")

  @Option(help: "Only those of a part of the shop: product or order.")
  var role = Role.all

  func run() throws {
    for line in try RouteList.lines(role) { print(line) }
  }
}
