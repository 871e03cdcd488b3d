import Postgres
import Shop

/// Changes of the catalogue, one transaction each; what shoppers read is rebuilt in it, last.
package struct CatalogueAdminStore: Sendable {
  let database: Database
  let idempotency: IdempotencyStore

  package init(_ database: Database, idempotency: IdempotencyStore) {
    self.database = database
    self.idempotency = idempotency
  }

  /// Makes the answer of a command that changes a product.
  package typealias ProductAnswer = (ProductSnapshot) throws -> KeptAnswer

  /// Makes the answer of a command that changes a category.
  package typealias CategoryAnswer = (Shop.Category) throws -> KeptAnswer

  // MARK: Reading

  static let byID = Statement(
    "admin_product_by_id",
    "SELECT \(ProductSnapshot.columns), s.description FROM catalogue.product_snapshot s WHERE s.product_id = $1")

  /// A product of any status; refuses with `notFound`.
  package func product(_ id: ProductID, deadline: Deadline) async throws -> ProductSnapshot {
    try Self.snapshot(try await database.read(Self.byID(.value(id)), deadline: deadline))
  }

  static func snapshot(_ rows: Rows?) throws -> ProductSnapshot {
    guard let row = rows?.first else { throw Refusal.notFound }
    return try ProductSnapshot(row, descriptionColumn: ProductSnapshot.columnCount)
  }

  // MARK: The frame of a change

  static let touch = Statement(
    "admin_product_touch", "UPDATE catalogue.product SET version = version + 1, updated_at = now() WHERE id = $1")

  /// Sends the last writes of a change with the rebuild of what shoppers read, and gives the product as it is then.
  static func finish(
    _ transaction: Transaction, _ id: ProductID, _ queries: [Query], isLast: Bool
  ) async throws -> ProductSnapshot {
    try snapshot(
      try await transaction.run(queries + [CatalogueRefresh.query([id.uuidBytes]), byID(.value(id))], isLast: isLast).last)
  }
}
