import Crypto
import Postgres
import Reactor
import Shop

/// Fills an empty catalogue with generated products: all of them in one transaction, or none.
package struct CatalogueSeeding: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  package struct Outcome: Sendable {
    /// SHA-256 over everything that was made, in hexadecimal: equal for equal seeds and counts, whatever the database.
    package let digest: String
    package let variants: Int
    /// False: it was there already, and nothing was written.
    package let isNew: Bool
  }

  package enum Failure: Error, CustomStringConvertible {
    case notEmpty(products: Int64, categories: Int64)

    package var description: String {
      switch self {
      case .notEmpty(let products, let categories):
        """
        the catalogue is not empty (\(products) products, \(categories) categories) and not what this seed makes: \
        seed only an empty database
        """
      }
    }
  }

  private static let lock = Statement("seeding_lock", "LOCK TABLE catalogue.product IN SHARE ROW EXCLUSIVE MODE")
  private static let census = Statement(
    "catalogue_census",
    """
    SELECT (SELECT count(*) FROM catalogue.product), (SELECT count(*) FROM catalogue.product WHERE starts_with(external_id, $1::text)),
           (SELECT count(*) FROM catalogue.category)
    """)
  private static let tables = """
    catalogue.product, catalogue.product_option, catalogue.variant, catalogue.price, catalogue.product_category, catalogue.media, \
    catalogue.category, catalogue.offer, catalogue.availability, catalogue.product_snapshot, catalogue.product_listing, \
    catalogue.product_price, catalogue.product_filter, catalogue.product_search, catalogue.opening_stock, sales.stock_level, sales.stock_movement
    """
  private static let analyze = Statement.once("analyze_catalogue", "ANALYZE \(tables)")

  /// Beyond some hundred products a batch does not become faster, only its memory larger.
  private static let batch = 1_000

  /// - Parameter report: products written so far.
  package func load(
    products count: Int, seed: UInt64, deadline: Deadline, _ report: @Sendable (Int) -> Void
  ) async throws -> Outcome {
    let catalogue = GeneratedCatalogue(seed: seed)
    let outcome = try await database.transaction(deadline: deadline, statementTimeout: .seconds(600)) { transaction in
      let found = try await transaction.run([Self.lock(), Self.census(.text(catalogue.externalIDPrefix))])[1][0]
      let (products, ours, categories) = (try found.int64(0), try found.int64(1), try found.int64(2))
      if products == Int64(count) && ours == products && categories == catalogue.categories.count {
        return Self.digest(of: catalogue, count)
      }
      guard products == 0 && categories == 0 else { throw Failure.notEmpty(products: products, categories: categories) }
      return try await Self.write(catalogue, count, transaction, report)
    }
    if outcome.isNew { _ = try await database.query(Self.analyze(), deadline: deadline) }
    return outcome
  }

  private static func write(
    _ catalogue: GeneratedCatalogue, _ count: Int, _ transaction: Transaction, _ report: (Int) -> Void
  ) async throws -> Outcome {
    var digest = GeneratedDigest(catalogue)
    try await transaction.run(CategoryInsertion.queries(catalogue.categories))
    var start = 0
    while start < count {
      let end = min(start + batch, count)
      var insertion = ProductInsertion()
      for index in start..<end {
        guard let made = catalogue.product(index) else { continue }
        digest.add(made)
        insertion.add(
          made.product, id: made.id, externalID: made.externalID, variants: made.variants, movements: made.movements,
          stockReference: "seed \(catalogue.seed)", createdAt: made.createdAt)
      }
      try await transaction.run(insertion.queries)
      // The rebuild's plans were made for empty tables: from here on they know better.
      if start == 0 && end < count { try await transaction.run(analyze()) }
      start = end
      report(end)
    }
    return digest.finish(isNew: true)
  }

  private static func digest(of catalogue: GeneratedCatalogue, _ count: Int) -> Outcome {
    var digest = GeneratedDigest(catalogue)
    for index in 0..<count {
      if let made = catalogue.product(index) { digest.add(made) }
    }
    return digest.finish(isNew: false)
  }
}

/// What a seed made, hashed field by field.
private struct GeneratedDigest: ~Copyable {
  private var hash = SHA256()
  private var variants = 0

  init(_ catalogue: GeneratedCatalogue) {
    for category in catalogue.categories {
      add("\(category.id)", category.parent.map { "\($0)" } ?? "", category.handle.text, category.title, "\(category.position)")
    }
  }

  /// Units and records end with characters that no text here contains.
  private mutating func add(_ fields: String...) {
    hash.update(fields.joined(separator: "\u{1F}") + "\u{1E}")
  }

  mutating func add(_ made: GeneratedCatalogue.Product) {
    let product = made.product
    add(
      "\(made.id)", made.externalID, "\(made.createdAt.microseconds)", product.handle.text, product.title, product.description,
      product.status.rawValue, JSONText.object(product.attributes),
      product.options.map { "\($0.name)=\($0.values.joined(separator: ","))" }.joined(separator: ";"),
      product.categories.map { "\($0)" }.joined(separator: ","),
      product.media.map { "\($0.url) \($0.alt ?? "")" }.joined(separator: ","))
    for (variant, id) in zip(product.variants, made.variants) {
      variants += 1
      add(
        "\(id)", variant.sku.text, variant.title, JSONText.object(variant.options), variant.taxClass.rawValue,
        "\(variant.weightGrams ?? -1)", variant.barcode ?? "", "\(variant.stock)",
        variant.prices.map { "\($0.currency)\($0.amount)/\($0.compareAtAmount ?? -1)" }.joined(separator: ","))
    }
  }

  consuming func finish(isNew: Bool) -> CatalogueSeeding.Outcome {
    let count = variants
    return CatalogueSeeding.Outcome(digest: Hex.encode(hash.finish()), variants: count, isNew: isNew)
  }
}
