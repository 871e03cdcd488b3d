import JSON
import Postgres
import Shop

/// The statement of a listing: one text for each combination of order and filters, prepared once, everything else a parameter.
///
/// OFFSET 0 keeps each inner query a probe by key: without it the one plan that serves all values may scan a table, since the
/// page's limit is unknown to it.
struct ListingStatement {
  private enum Column: Int, CaseIterable {
    case createdAt, title, amount

    var name: String { ["created_at", "title_key", "min_amount"][rawValue] }
    var type: String { ["timestamptz", "text", "bigint"][rawValue] }
  }

  /// What makes one statement differ from another.
  private struct Shape {
    var column: Column
    var isDescending: Bool
    var hasStart: Bool
    var byAttribute: Bool
    var byStock: Bool
    var byPrice: Bool

    static let all: [Shape] = Column.allCases.flatMap { column in
      (0..<32).map { bits in
        Shape(
          column: column, isDescending: bits & 1 != 0, hasStart: bits & 2 != 0, byAttribute: bits & 4 != 0,
          byStock: bits & 8 != 0, byPrice: bits & 16 != 0)
      }
    }

    var index: Int {
      let bits = [isDescending, hasStart, byAttribute, byStock, byPrice].enumerated()
      return column.rawValue * 32 + bits.reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) }
    }

    var needsCurrency: Bool { column == .amount || byPrice }

    /// The conditions on a shelf's rows, called `l`; `next` numbers the parameters in the order of `parameters(of:)`.
    func conditions(_ next: inout Int) -> String {
      func place() -> String {
        next += 1
        return "$\(next)"
      }
      var conditions = ["l.category_id = \(place())::uuid"]
      if hasStart {
        let key = place()
        conditions.append(
          "(l.\(column.name), l.product_id) \(isDescending ? "<" : ">") (\(key)::\(column.type), \(place())::uuid)")
      }
      if byAttribute || byStock {
        var wanted = ["f.product_id = l.product_id"]
        if byAttribute { wanted.append("f.facets @@ catalogue.facet_query(\(place())::jsonb)") }
        if byStock { wanted.append("f.in_stock") }
        conditions.append("EXISTS (SELECT FROM catalogue.product_filter f WHERE \(wanted.joined(separator: " AND ")) OFFSET 0)")
      }
      if needsCurrency {
        let currency = "currency = \(place())::text"
        let prices = byPrice ? ["max_amount >= \(place())::bigint", "min_amount <= \(place())::bigint"] : []
        if column == .amount {
          conditions += ([currency] + prices).map { "l.\($0)" }
        } else {
          let wanted = (["product_id = l.product_id", "category_id = l.category_id", currency] + prices).map { "p.\($0)" }
          conditions.append("EXISTS (SELECT FROM catalogue.product_price p WHERE \(wanted.joined(separator: " AND ")) OFFSET 0)")
        }
      }
      return conditions.joined(separator: "\n   AND ")
    }

    var table: String { "catalogue.\(column == .amount ? "product_price" : "product_listing")" }

    var pageSQL: String {
      var count = 0
      let conditions = conditions(&count)
      let direction = isDescending ? "DESC" : "ASC"
      return """
        SELECT \(ProductSnapshot.columns), k.key
          FROM (SELECT l.product_id, l.\(column.name) AS key FROM \(table) l
                 WHERE \(conditions)
                 ORDER BY l.\(column.name) \(direction), l.product_id \(direction) LIMIT $\(count + 1)::bigint) k
         CROSS JOIN LATERAL (SELECT * FROM catalogue.product_snapshot s WHERE s.product_id = k.product_id OFFSET 0) s
         ORDER BY k.key \(direction), k.product_id \(direction)
        """
    }

    var countSQL: String {
      var count = 0
      let conditions = conditions(&count)
      return "SELECT count(*) FROM (SELECT FROM \(table) l WHERE \(conditions) LIMIT $\(count + 1)::bigint) c"
    }

    /// One row for each count: what is counted, its name or handle, title, id, count, and for prices the ends.
    var facetsSQL: String {
      var count = 0
      let conditions = conditions(&count)
      let currency = needsCurrency ? currencyPlace : count + 1
      return """
        WITH m AS MATERIALIZED (
          SELECT l.product_id FROM \(table) l WHERE \(conditions))
        SELECT 'total' AS kind, NULL::text AS name, NULL::text AS title, NULL::uuid AS id, count(*) AS count,
               NULL::bigint AS low, NULL::bigint AS high FROM m
         UNION ALL
        SELECT 'in_stock', NULL, NULL, NULL, count(*), NULL, NULL
          FROM m JOIN catalogue.product_filter f USING (product_id) WHERE f.in_stock
         UNION ALL
        SELECT 'attribute', x.lexeme, NULL, NULL, count(*), NULL, NULL
          FROM m JOIN catalogue.product_filter f USING (product_id) CROSS JOIN LATERAL unnest(f.facets) x GROUP BY x.lexeme
         UNION ALL
        SELECT 'category', c.handle, c.title, c.id, s.count, NULL, NULL
          FROM (SELECT b.category_id, count(*) AS count FROM m JOIN catalogue.product_listing b USING (product_id) GROUP BY b.category_id) s
          JOIN catalogue.category c ON c.id = s.category_id
         UNION ALL
        SELECT 'price', NULL, NULL, NULL, count(*), min(p.min_amount), max(p.max_amount)
          FROM m JOIN catalogue.product_price p USING (product_id)
         WHERE p.category_id = '00000000-0000-0000-0000-000000000000' AND p.currency = $\(currency)::text
        """
    }

    /// Which parameter the currency is, where the shape has one.
    private var currencyPlace: Int { 1 + (hasStart ? 2 : 0) + (byAttribute ? 1 : 0) + 1 }

    func parameters(of listing: ProductListing, category: CategoryID?) -> [Parameter] {
      let filter = listing.filter
      var parameters: [Parameter] = [.uuid(category?.uuidBytes ?? ListingStatement.allProducts)]
      if hasStart, let start = listing.start { parameters += [start.key.parameter, .uuid(start.product.uuidBytes)] }
      if byAttribute { parameters.append(.jsonBytes(ListingStatement.facetJSON(filter.attributes))) }
      if needsCurrency { parameters.append(.text(filter.currency.code)) }
      if byPrice { parameters += [.int64(filter.priceMinimum ?? 0), .int64(filter.priceMaximum ?? .max)] }
      return parameters
    }
  }

  /// The shelf on which every product stands.
  static let allProducts = UUIDBytes(high: 0, low: 0)

  private static let pages = Shape.all.map { Statement("listing_\($0.index)", $0.pageSQL) }
  private static let counts = Shape.all.map { Statement("listing_count_\($0.index)", $0.countSQL) }

  private static let facets = Shape.all.map { Statement("facets_\($0.index)", $0.facetsSQL) }

  private static func shape(of listing: ProductListing) -> Shape {
    let column: Column =
      switch listing.sort {
      case .newest, .oldest: .createdAt
      case .title, .titleDescending: .title
      case .price, .priceDescending: .amount
      }
    return Shape(
      column: column, isDescending: listing.sort.isDescending != (listing.start?.isBackward ?? false),
      hasStart: listing.start != nil, byAttribute: !listing.filter.attributes.isEmpty, byStock: listing.filter.inStock,
      byPrice: listing.filter.priceMinimum != nil || listing.filter.priceMaximum != nil)
  }

  /// The page and one product more, which tells whether there is another page.
  static func page(_ listing: ProductListing, category: CategoryID?) -> Query {
    let shape = shape(of: listing)
    return pages[shape.index].bind(shape.parameters(of: listing, category: category) + [.int64(Int64(listing.limit + 1))])
  }

  /// How many products the filter lets pass, up to `bound`.
  static func count(_ listing: ProductListing, category: CategoryID?, bound: Int64) -> Query {
    var listing = listing
    listing.start = nil
    let shape = shape(of: listing)
    return counts[shape.index].bind(shape.parameters(of: listing, category: category) + [.int64(bound)])
  }

  /// Counts over all that the filter lets pass; the order of the listing does not matter.
  static func facets(_ listing: ProductListing, category: CategoryID?) -> Query {
    var listing = listing
    listing.start = nil
    listing.sort = .newest
    let shape = shape(of: listing)
    let currency: [Parameter] = shape.needsCurrency ? [] : [.text(listing.filter.currency.code)]
    return facets[shape.index].bind(shape.parameters(of: listing, category: category) + currency)
  }

  static func key(_ row: Row, of sort: ProductSort) throws(PostgresError) -> ProductListing.Key {
    let column = ProductSnapshot.columnCount
    return switch sort {
    case .newest, .oldest: .createdAt(Timestamp(microseconds: try row.timestamp(column)))
    case .title, .titleDescending: .title(try row.string(column))
    case .price, .priceDescending: .amount(try row.int64(column))
    }
  }

  /// `{"color": ["blue", "red"]}`, as `catalogue.facet_query` takes it.
  static func facetJSON(_ attributes: [AttributeFilter]) -> [UInt8] {
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
}
