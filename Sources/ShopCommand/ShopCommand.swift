import ArgumentParser
import ShopService

@main
struct ShopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shop", abstract: "A headless e-commerce backend: catalogue, cart, checkout and orders over HTTP.",
    discussion: "Settings come from the environment; `shop check-config` shows them all.", version: version,
    subcommands: [
      Serve.self, Migrate.self, Subscribe.self, Import.self, Seed.self, Health.self, CheckConfig.self, Routes.self,
      WorkerCommand.self,
      TestProviderCommand.self,
    ])
}
