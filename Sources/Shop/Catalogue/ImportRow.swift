/// One row of a merchant's product file, as text: what each column says, whatever the file's format.
package struct ImportRow: Hashable, Sendable {
  package var externalID: String
  package var sku: String
  package var name: String
  package var category: String
  package var style: String
  package var description: String
  /// Decimal major units: `89.99`.
  package var price: String
  package var currency: String
  package var stock: String
  package var image: String
  package var audience: String

  /// In the order of the file.
  package static let columns = [
    "external_id", "sku", "name", "category", "style", "description", "price", "currency", "stock", "image", "audience",
  ]

  /// - Parameter fields: one a column, in the order of `columns`; nil when there are more or fewer.
  package init?(_ fields: [String]) {
    guard fields.count == Self.columns.count else { return nil }
    externalID = fields[0]
    sku = fields[1]
    name = fields[2]
    category = fields[3]
    style = fields[4]
    description = fields[5]
    price = fields[6]
    currency = fields[7]
    stock = fields[8]
    image = fields[9]
    audience = fields[10]
  }

  /// One wrong field of a row; the importer knows the line.
  package struct Flaw: Hashable, Sendable {
    package let column: String
    package let code: Fault.Code
    package let detail: String
  }

  /// What an import makes of a row.
  package struct Imported: Hashable, Sendable {
    package let externalID: String
    /// Its `categories` are empty: the importer finds or makes `path` first.
    package let product: NewProduct
    /// From the top down: category, then style.
    package let path: [CategoryStep]
  }

  /// A category to be found under its parent by its title, or made.
  package struct CategoryStep: Hashable, Sendable {
    /// Short: `seafood`.
    package let handle: Handle
    /// For when another category has the short one already: `food-service-seafood`. Nil at the top.
    package let fallback: Handle?
    package let title: String
  }
}
