import Postgres
import ShopService

/// A shop in parts: the catalogue in one database, sales in another, each following what it may know of the other.
package final class TwoDatabases: Sendable {
  package let product: TestDatabase
  package let order: TestDatabase

  package init() throws {
    product = try TestDatabase(role: "product")
    order = try TestDatabase(role: "order")
    try follow(order, "order", product)
    try follow(product, "product", order)
  }

  /// As `shop subscribe` does it, for the first time or again.
  package func subscribeAgain() throws { try follow(order, "order", product) }

  private func follow(_ subscriber: TestDatabase, _ role: String, _ publisher: TestDatabase) throws {
    guard let subscription = Doors.into(role) else { throw TestFault("\(role) follows nobody") }
    try subscription.establish(
      subscriber: try ConnectionString(subscriber.url), publisher: try ConnectionString(publisher.url),
      publisherAddress: publisher.url)
  }

  /// A database with a slot cannot be dropped.
  package func leave() throws {
    for database in [order, product] {
      try database.execute("ALTER SUBSCRIPTION shop_doors DISABLE")
      try database.execute("ALTER SUBSCRIPTION shop_doors SET (slot_name = NONE)")
      try database.execute("DROP SUBSCRIPTION shop_doors")
    }
    for database in [order, product] {
      try database.execute(
        """
        SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE database = current_database() AND active;
        SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()
        """)
    }
  }

  package static func with<Value>(_ body: (TwoDatabases) async throws -> Value) async throws -> Value {
    let databases = try TwoDatabases()
    do {
      let value = try await body(databases)
      try databases.leave()
      return value
    } catch {
      try? databases.leave()
      throw error
    }
  }
}
