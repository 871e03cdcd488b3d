import Postgres
import Shop

/// Which products to list, in which order, and where the page begins.
package struct ProductListing: Sendable {
  package var filter: ProductFilter
  package var sort: ProductSort
  /// Products on the page, 1 to 100.
  package var limit: Int
  package var start: Start?
  /// Whether to count the products of all pages together.
  package var isCounted = false

  /// The place beside which a page begins: the sort key and id of a product, which need no longer exist.
  package struct Start: Sendable, Equatable {
    package let key: Key
    package let product: ProductID
    /// Towards the beginning of the order: the page before that product.
    package let isBackward: Bool

    package init(key: Key, product: ProductID, isBackward: Bool) {
      self.key = key
      self.product = product
      self.isBackward = isBackward
    }
  }

  /// What a sort compares, as the database keeps it.
  package enum Key: Sendable, Equatable {
    case createdAt(Timestamp)
    case title(String)
    case amount(Int64)

    var parameter: Parameter {
      switch self {
      case .createdAt(let time): .timestamp(time.microseconds)
      case .title(let title): .text(title)
      case .amount(let amount): .int64(amount)
      }
    }
  }

  package init(filter: ProductFilter, sort: ProductSort = .newest, limit: Int = 24, start: Start? = nil) {
    self.filter = filter
    self.sort = sort
    self.limit = limit
    self.start = start
  }
}

/// A page of products, in the order of the sort whichever way it was reached.
package struct ProductPage: Sendable {
  package let products: [ProductSnapshot]
  /// The sort keys of the first and last product.
  package let first: ProductListing.Key?
  package let last: ProductListing.Key?
  package let hasNext: Bool
  package let hasPrevious: Bool
  /// Of all pages together, where it was asked for.
  package let count: Int64?
}
