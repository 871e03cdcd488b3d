import Postgres
import Shop

/// A product as shoppers see it: one row of `catalogue.product_snapshot`.
///
/// Only what tells versions apart is read at once. The rest stays in the database's answer, from where `read` lends it to whoever
/// writes it down: a page of products is some thousand values that would else be copied and thrown away.
package struct ProductSnapshot: Sendable {
  package let id: ProductID
  package let version: Int64
  /// Grows with every change that a shopper can see, availability included.
  package let revision: Int64
  private let row: Row
  /// Nil for listings, which leave the description out.
  private let descriptionColumn: Int?

  /// The columns that are read, of a snapshot called `s`.
  static let columns = """
    s.product_id, s.handle, s.status, s.version, s.revision, s.created_at, s.updated_at, s.title, s.attributes, s.availability, s.body
    """

  static let columnCount = 11

  init(_ row: Row, descriptionColumn: Int? = nil) throws(PostgresError) {
    id = ProductID(try row.uuid(0))
    version = try row.int64(3)
    revision = try row.int64(4)
    self.row = row
    self.descriptionColumn = descriptionColumn
  }

  /// Lends the contents to `body`; nothing of them may leave it. Throws where they are not what `catalogue.refresh` writes.
  package func read(_ body: (ProductContents) -> Void) throws(PostgresError) {
    try row.lend { () throws(PostgresError) in
      body(try ProductContents(row, descriptionColumn: descriptionColumn))
    }
  }
}
