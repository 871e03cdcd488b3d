import ArgumentParser

@main
struct ShopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "shop", abstract: "A headless e-commerce backend.")
}
