import Postgres
import Shop

/// What the products of a filter have in common and apart.
package struct ProductFacets: Sendable {
  package let count: Int64
  /// By name; values by count, the 50 commonest of each.
  package let attributes: [(name: String, values: [(value: String, count: Int64)])]
  package let categories: [(id: CategoryID, handle: String, title: String, count: Int64)]
  package let inStock: Int64
  /// From the lowest to the highest price in the filter's currency.
  package let price: ClosedRange<Int64>?
}

extension CatalogueStore {
  private static let mostValues = 50

  /// Counts over all products that the filter lets pass; an unknown category is refused with `notFound`.
  package func facets(_ filter: ProductFilter, deadline: Deadline) async throws -> ProductFacets {
    let category = try await category(of: filter, deadline: deadline)
    var total: Int64 = 0
    var inStock: Int64 = 0
    var price: ClosedRange<Int64>?
    var values: [String: [(value: String, count: Int64)]] = [:]
    var categories: [(id: CategoryID, handle: String, title: String, count: Int64)] = []
    for row in try await database.query(ListingStatement.facets(filter, category: category), deadline: deadline) {
      let count = try row.int64(4)
      switch try row.string(0) {
      case "attribute": values[try row.string(2), default: []].append((try row.string(3), count))
      case "category": categories.append((CategoryID(try row.uuid(1)), try row.string(7), try row.string(8), count))
      case "availability":
        total += count
        if try row.string(3) == "in_stock" { inStock = count }
      default:
        if let least = try row.optionalInt64(5), let most = try row.optionalInt64(6), least <= most { price = least...most }
      }
    }
    return ProductFacets(
      count: total,
      attributes: values.sorted { $0.key < $1.key }.map { name, values in
        (name, Array(values.sorted { ($1.count, $0.value) < ($0.count, $1.value) }.prefix(Self.mostValues)))
      },
      categories: categories.sorted { ($1.count, $0.title) < ($0.count, $1.title) }, inStock: inStock, price: price)
  }
}
