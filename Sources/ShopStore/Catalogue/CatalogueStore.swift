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
    let category = try await category(of: listing.filter, deadline: deadline)
    let rows = try await database.read(ListingStatement.page(listing, category: category), deadline: deadline)
    let isBackward = listing.start?.isBackward ?? false
    var indices = Array(0..<min(rows.count, listing.limit))
    if isBackward { indices.reverse() }
    let hasMore = rows.count > listing.limit
    let products = try indices.map { try ProductSnapshot(rows[$0]) }
    return ProductPage(
      products: products,
      first: try indices.first.map { try ListingStatement.key(rows[$0], of: listing.sort) },
      last: try indices.last.map { try ListingStatement.key(rows[$0], of: listing.sort) },
      hasNext: isBackward || hasMore, hasPrevious: isBackward ? hasMore : listing.start != nil)
  }

  /// How many products the filter lets pass; counting ends at `bound`.
  package func count(_ listing: ProductListing, bound: Int64, deadline: Deadline) async throws -> Int64 {
    let category = try await category(of: listing.filter, deadline: deadline)
    return try await database.query(ListingStatement.count(listing, category: category, bound: bound), deadline: deadline)[0]
      .int64(0)
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

  private static let searchPage = Statement(
    "search",
    """
    SELECT \(ProductSnapshot.columns), k.rank
      FROM (SELECT f.product_id, ts_rank_cd(f.document, q.query)::float8 AS rank
              FROM catalogue.setting t
             CROSS JOIN LATERAL (SELECT websearch_to_tsquery(t.text_search, $1) AS query OFFSET 0) q
              JOIN catalogue.product_search f ON f.document @@ q.query
             ORDER BY rank DESC, f.product_id LIMIT $2::bigint OFFSET $3::bigint) k
     CROSS JOIN LATERAL (SELECT * FROM catalogue.product_snapshot s WHERE s.product_id = k.product_id OFFSET 0) s
     ORDER BY k.rank DESC, k.product_id
    """)

  /// Products that match `text` (web search syntax), best first; `offset` counts products already shown.
  package func search(
    _ text: String, limit: Int, offset: Int, deadline: Deadline
  ) async throws -> (products: [ProductSnapshot], hasNext: Bool) {
    let query = Self.searchPage(.text(text), .int64(Int64(limit + 1)), .int64(Int64(offset)))
    let rows = try await database.query(query, deadline: deadline)
    return (try (0..<min(rows.count, limit)).map { try ProductSnapshot(rows[$0]) }, rows.count > limit)
  }
}
