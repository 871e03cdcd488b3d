import JSON
import Postgres
import Shop

/// The statements of listings. Without a filter, a walk along one index, prepared once; with one, functions of the database that
/// are planned for each call, since one plan cannot serve both a filter that most products pass and one that few do
/// (migration 0009 has the measurements).
enum ListingStatement {
  /// The shelf on which every product stands.
  private static let allProducts = UUIDBytes(high: 0, low: 0)

  /// How `$1` names the shelf of a page. A handle is looked up where it is used, so that a page is one statement; where no
  /// category has it, there are no rows.
  private enum Shelf: Int, CaseIterable {
    case id, handle

    init(_ category: CategoryReference?) {
      if case .handle = category { self = .handle } else { self = .id }
    }

    var sql: String {
      switch self {
      case .id: "$1::uuid"
      case .handle: "(SELECT c.id FROM catalogue.category c WHERE c.handle = $1::text)"
      }
    }

    static func parameter(_ category: CategoryReference?) -> Parameter {
      switch category {
      case nil: .uuid(allProducts)
      case .id(let id): .value(id)
      case .handle(let handle): .value(handle)
      }
    }
  }

  private enum Order: Int, CaseIterable {
    case createdAt, title, amount

    init(_ sort: ProductSort) {
      switch sort {
      case .newest, .oldest: self = .createdAt
      case .title, .titleDescending: self = .title
      case .price, .priceDescending: self = .amount
      }
    }

    var column: String { ["created_at", "title_key", "min_amount"][rawValue] }
    var type: String { ["timestamptz", "text", "bigint"][rawValue] }
    /// As `catalogue.filter_products` calls it.
    var name: String { ["created_at", "title", "price"][rawValue] }
  }

  // MARK: Walks

  /// `$1` shelf, `$2` limit, then the currency of a walk by price, then key and id where it starts.
  ///
  /// The page's ids travel as one array: one index scan with 21 keys takes 75 to 85 µs for a page of 20, a probe a row 138 µs.
  private static func walkSQL(_ shelf: Shelf, _ order: Order, isDescending: Bool, hasStart: Bool) -> String {
    let direction = isDescending ? "DESC" : "ASC"
    let byCurrency = order == .amount ? " AND l.currency = $3::text" : ""
    let key = order == .amount ? 4 : 3
    let start =
      hasStart
      ? " AND (l.\(order.column), l.product_id) \(isDescending ? "<" : ">") ($\(key)::\(order.type), $\(key + 1)::uuid)" : ""
    return snapshots(
      of: """
        SELECT l.product_id, l.\(order.column) AS key
          FROM catalogue.\(order == .amount ? "product_price" : "product_listing") l
         WHERE l.category_id = \(shelf.sql)\(byCurrency)\(start)
         ORDER BY l.\(order.column) \(direction), l.product_id \(direction) LIMIT $2::int
        """)
  }

  /// The snapshots of a page, in its order; `page` gives product_id and key.
  static func snapshots(of page: String) -> String {
    """
    WITH l AS MATERIALIZED (SELECT array_agg(p.product_id) AS ids, array_agg(p.key) AS keys FROM (\(page)) p)
    SELECT \(ProductSnapshot.columns), l.keys[array_position(l.ids, s.product_id)] AS key
      FROM l JOIN catalogue.product_snapshot s ON s.product_id = ANY (l.ids)
     ORDER BY array_position(l.ids, s.product_id)
    """
  }

  /// By shelf, order, direction and whether there is a start.
  private static let walks: [Statement] = Shelf.allCases.flatMap { shelf in
    Order.allCases.flatMap { order in
      [false, true].flatMap { isDescending in
        [false, true].map { hasStart in
          Statement("listing_by_\(order.name)", walkSQL(shelf, order, isDescending: isDescending, hasStart: hasStart))
        }
      }
    }
  }

  private static func walk(_ shelf: Shelf, _ order: Order, isDescending: Bool, hasStart: Bool) -> Statement {
    walks[((shelf.rawValue * Order.allCases.count + order.rawValue) * 2 + (isDescending ? 1 : 0)) * 2 + (hasStart ? 1 : 0)]
  }

  // MARK: Filters

  /// By shelf and order.
  private static let filtered: [[Statement]] = Shelf.allCases.map { shelf in
    Order.allCases.map { order in
      Statement(
        "listing_filtered_by_\(order.name)",
        snapshots(
          of: """
            SELECT f.product_id, f.\(order.column) AS key
              FROM catalogue.filter_products(\(shelf.sql), $2::text, $3::jsonb, $4::bigint, $5::bigint, $6::boolean, '\(order.name)',
                                             $7::boolean, $8::text, $9::uuid, $10::int)
                   WITH ORDINALITY AS f (product_id, created_at, title_key, min_amount, n)
             ORDER BY f.n
            """))
    }
  }

  private static let counts = Statement(
    "listing_count", "SELECT catalogue.count_products($1::uuid, $2::text, $3::jsonb, $4::bigint, $5::bigint, $6::boolean)")

  private static let facetCounts = Statement(
    "listing_facets",
    """
    SELECT f.kind, f.id, f.name, f.value, f.products, f.low, f.high, c.handle, c.title
      FROM catalogue.facets($1::uuid, $2::text, $3::jsonb, $4::bigint, $5::bigint, $6::boolean) f
      LEFT JOIN catalogue.category c ON c.id = f.id
    """)

  // MARK: Binding

  /// The page and one product more, which tells whether there is another page.
  static func page(_ listing: ProductListing) -> Query {
    let category = listing.filter.category
    let (shelf, order) = (Shelf(category), Order(listing.sort))
    let isDescending = listing.sort.isDescending != (listing.start?.isBackward ?? false)
    let limit = Parameter.int32(Int32(clamping: listing.limit + 1))
    if isFiltered(listing.filter) {
      let start: [Parameter] = listing.start.map { [.text($0.key.text), .uuid($0.product.uuidBytes)] } ?? [.null, .null]
      return filtered[shelf.rawValue][order.rawValue].bind(
        filterParameters(listing.filter, category, needsCurrency: order == .amount) + [.bool(isDescending)] + start + [limit])
    }
    var parameters = [Shelf.parameter(category), limit]
    if order == .amount { parameters.append(.text(listing.filter.currency.code)) }
    if let start = listing.start { parameters += [start.key.parameter, .uuid(start.product.uuidBytes)] }
    return walk(shelf, order, isDescending: isDescending, hasStart: listing.start != nil).bind(parameters)
  }

  /// How many products all pages of the listing have together.
  static func count(_ listing: ProductListing, category: CategoryID?) -> Query {
    var filter = listing.filter
    // A sort by price lists only what has one: any price at all.
    if listing.sort.isByPrice, filter.priceMinimum == nil { filter.priceMinimum = 0 }
    return counts.bind(filterParameters(filter, category.map { .id($0) }, needsCurrency: false))
  }

  static func facets(_ filter: ProductFilter, category: CategoryID?) -> Query {
    facetCounts.bind(filterParameters(filter, category.map { .id($0) }, needsCurrency: true))
  }

  private static func isFiltered(_ filter: ProductFilter) -> Bool {
    filter.inStock || !filter.attributes.isEmpty || filter.priceMinimum != nil || filter.priceMaximum != nil
  }

  private static func filterParameters(
    _ filter: ProductFilter, _ category: CategoryReference?, needsCurrency: Bool
  ) -> [Parameter] {
    let byPrice = filter.priceMinimum != nil || filter.priceMaximum != nil
    return [
      Shelf.parameter(category), needsCurrency || byPrice ? .text(filter.currency.code) : .null,
      .jsonBytes(facetJSON(filter.attributes)),
      .value(filter.priceMinimum), .value(filter.priceMaximum), .bool(filter.inStock),
    ]
  }

  /// `{"color": ["blue", "red"]}`, as `catalogue.facet_query` takes it.
  private static func facetJSON(_ attributes: [AttributeFilter]) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    for attribute in attributes {
      json.key(escaping: attribute.name)
      json.beginArray()
      for value in attribute.values { json.string(value) }
      json.endArray()
    }
    json.endObject()
    return json.finish()
  }

  // MARK: Reading

  /// The sort key of a row of a page.
  static func key(_ row: Row, of sort: ProductSort) throws(PostgresError) -> ProductListing.Key {
    let column = ProductSnapshot.columnCount
    return switch Order(sort) {
    case .createdAt: .createdAt(Timestamp(microseconds: try row.timestamp(column)))
    case .title: .title(try row.string(column))
    case .amount: .amount(try row.int64(column))
    }
  }
}

extension ProductListing.Key {
  /// As PostgreSQL reads it from text, with nothing lost: a time has its microseconds.
  fileprivate var text: String {
    switch self {
    case .title(let title): return title
    case .amount(let amount): return String(amount)
    case .createdAt(let time):
      let fraction = String(time.microseconds - time.milliseconds * 1_000)
      return time.description.dropLast() + String(repeating: "0", count: 3 - fraction.count) + fraction + "Z"
    }
  }
}
