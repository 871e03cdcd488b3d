import ArgumentParser
import Postgres
import ShopService
import ShopStore

struct Subscribe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let this database follow the other part's, for a shop in two databases.",
    discussion: """
      Copies what the other part publishes (offers and opening stock to the order part, availability to the product part) and \
      follows it by logical replication. To be run once for each of the two databases after `migrate --role`, and again after a \
      failover of the publisher, which loses its slots: then everything is copied anew, and checkout answers 503 until it is \
      here. Reads SHOP_DATABASE_URL, whose user must be allowed to subscribe (a superuser, or rds_superuser), and \
      SHOP_PUBLISHER_URL, which the database's server must reach, too.
      """)

  func run() throws {
    let subscriber = try Settings.databaseTarget()
    let (publisher, address) = try Settings.publisher()
    let role = try DatabaseWork.run { try await DoorStore($0).role() }
    guard let doors = Doors.into(role) else {
      Settings.complain("shop: this database holds a whole shop: it follows nobody. See `shop migrate --role`.")
      throw ExitCode.failure
    }
    do {
      try doors.establish(subscriber: subscriber, publisher: publisher, publisherAddress: address)
    } catch {
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
    print("Subscribed: the part \(role) follows the other database.")
  }
}
