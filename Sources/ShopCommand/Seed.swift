import ArgumentParser
import Postgres
import Reactor
import ShopStore

struct Seed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill an empty catalogue with generated products.",
    discussion: """
      The same seed makes the same products, ids included, on any database: the digest printed at the end tells. All or nothing, \
      in one transaction. A catalogue that holds them already stays as it is; any other that is not empty is refused. Reads \
      SHOP_DATABASE_URL, and SHOP_REDIS_URL to tell running servers.
      """)

  @Option(help: "How many products.")
  var products = 1_000

  @Option(help: "Which catalogue: a number from 0.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...1_000_000).contains(products) else { throw ValidationError("--products is from 1 to 1000000.") }
  }

  func run() throws {
    let count = products
    let seed = seed
    let notice = try CatalogueNotice.fromSettings()
    let outcome = try DatabaseWork.run { database in
      try await DoorStore(database).require(.catalogue)
      let outcome = try await CatalogueSeeding(database).load(
        products: count, seed: seed, deadline: .measured() + .seconds(3_600)
      ) { Progress.show("\($0) of \(count) products") }
      if outcome.isNew { await notice?.send(on: database.loop) }
      return outcome
    }
    Progress.clear()
    print(
      outcome.isNew
        ? "\(count) products with \(outcome.variants) variants made from seed \(seed)."
        : "The \(count) products of seed \(seed) are here already: nothing written.")
    print("sha256 \(outcome.digest)")
  }
}
