import Postgres
import Shop

/// Reads of the catalogue for shoppers: active products only.
package struct CatalogueStore: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  // MARK: One product

  private static let byID = Statement(
    "product_by_id",
    "SELECT \(ProductSnapshot.columns), s.description FROM catalogue.product_snapshot s WHERE s.product_id = $1 AND s.status = 'active'"
  )
  private static let byHandle = Statement(
    "product_by_handle",
    "SELECT \(ProductSnapshot.columns), s.description FROM catalogue.product_snapshot s WHERE s.handle = $1 AND s.status = 'active'"
  )

  /// Refuses with `notFound` what is unknown, a draft, or archived.
  package func product(_ reference: ProductReference, deadline: Deadline) async throws -> ProductSnapshot {
    let query =
      switch reference {
      case .id(let id): Self.byID(.value(id))
      case .handle(let handle): Self.byHandle(.value(handle))
      }
    let rows = try await database.read(query, deadline: deadline)
    guard let row = rows.first else { throw Refusal.notFound }
    return try ProductSnapshot(row, descriptionColumn: ProductSnapshot.columnCount)
  }

  // MARK: Listings

  /// A page of products; an unknown category is refused with `notFound`.
  package func products(_ listing: ProductListing, deadline: Deadline) async throws -> ProductPage {
    let rows = try await database.read(ListingStatement.page(listing), deadline: deadline)
    var category: CategoryID?
    // Nothing there, or no such category: only then is that a question, or for the count.
    if rows.isEmpty || listing.isCounted { category = try await self.category(of: listing.filter, deadline: deadline) }
    let isBackward = listing.start?.isBackward ?? false
    var indices = Array(0..<min(rows.count, listing.limit))
    if isBackward { indices.reverse() }
    let hasMore = rows.count > listing.limit
    let count = listing.isCounted ? try await count(listing, category: category, deadline: deadline) : nil
    let products = try indices.map { try ProductSnapshot(rows[$0]) }
    return ProductPage(
      products: products,
      first: try indices.first.map { try ListingStatement.key(rows[$0], of: listing.sort) },
      last: try indices.last.map { try ListingStatement.key(rows[$0], of: listing.sort) },
      hasNext: isBackward || hasMore, hasPrevious: isBackward ? hasMore : listing.start != nil, count: count)
  }

  private func count(_ listing: ProductListing, category: CategoryID?, deadline: Deadline) async throws -> Int64 {
    try await database.query(ListingStatement.count(listing, category: category), deadline: deadline)[0].int64(0)
  }

  // MARK: Categories

  private static let categoryByHandle = Statement("category_by_handle", "SELECT id FROM catalogue.category WHERE handle = $1")
  private static let categoryByID = Statement("category_by_id", "SELECT id FROM catalogue.category WHERE id = $1")
  private static let allCategories = Statement(
    "categories", "SELECT id, parent_id, handle, title, position, version FROM catalogue.category ORDER BY position, title, id")

  func category(of filter: ProductFilter, deadline: Deadline) async throws -> CategoryID? {
    let query: Query
    switch filter.category {
    case nil: return nil
    case .id(let id): query = Self.categoryByID(.value(id))
    case .handle(let handle): query = Self.categoryByHandle(.value(handle))
    }
    guard let row = try await database.read(query, deadline: deadline).first else { throw Refusal.notFound }
    return CategoryID(try row.uuid(0))
  }

  /// Every category: the tree is small beside the products.
  package func categories(deadline: Deadline) async throws -> CategoryTree {
    let rows = try await database.read(Self.allCategories(), deadline: deadline)
    return CategoryTree(
      try rows.decode { row throws(PostgresError) in
        guard let handle = Handle(try row.string(2)) else {
          throw .decoding(DecodingFault(column: 2, columnName: "handle", wanted: "handle", reason: .malformed))
        }
        return Category(
          id: CategoryID(try row.uuid(0)), parent: try row.optionalUUID(1).map { CategoryID($0) }, handle: handle,
          title: try row.string(3), position: try row.int64(4), version: try row.int64(5))
      })
  }

  // MARK: Search

  private static func searchSQL(_ start: String) -> String {
    ListingStatement.snapshots(
      of: """
        SELECT m.product_id, m.rank AS key
          FROM (SELECT d.product_id, ts_rank(d.document, q.query, 1)::float8 AS rank
                  FROM (SELECT catalogue.search_query($1::text) AS query OFFSET 0) q
                  JOIN catalogue.product_search d ON d.document @@ q.query) m
         \(start) ORDER BY m.rank DESC, m.product_id LIMIT $2::int
        """)
  }
  private static let searchFirst = Statement("search", searchSQL(""))
  private static let searchNext = Statement(
    "search_next", searchSQL("WHERE m.rank < $3::float8 OR (m.rank = $3::float8 AND m.product_id > $4::uuid)"))

  /// Where a page of search results ends: nothing before it is shown again.
  package struct SearchPlace: Sendable, Equatable {
    package let rank: Double
    package let product: ProductID

    package init(rank: Double, product: ProductID) {
      self.rank = rank
      self.product = product
    }
  }

  /// Products that match `text` (words, "phrases", or, -without), best first; `next` is nil at the end.
  package func search(
    _ text: String, limit: Int, after place: SearchPlace?, deadline: Deadline
  ) async throws -> (products: [ProductSnapshot], next: SearchPlace?) {
    let rowLimit = Parameter.int32(Int32(clamping: limit + 1))
    let query =
      place.map { Self.searchNext(.text(text), rowLimit, .float8($0.rank), .uuid($0.product.uuidBytes)) }
      ?? Self.searchFirst(.text(text), rowLimit)
    let rows = try await database.query(query, deadline: deadline)
    let products = try (0..<min(rows.count, limit)).map { try ProductSnapshot(rows[$0]) }
    guard rows.count > limit, let last = products.last else { return (products, nil) }
    return (products, SearchPlace(rank: try rows[limit - 1].double(ProductSnapshot.columnCount), product: last.id))
  }
}
