import HTTP
import Shop
import ShopStore

/// A listing as its query asks for it, with what its cursors are bound to.
struct ListingRequest {
  var listing: ProductListing
  let scope: CursorSigner.Scope

  /// `count=exact|estimate`: an estimate may be exact.
  enum CountMode: String, CaseIterable { case exact, estimate }

  /// - Parameter category: from the path, where it is there.
  init(_ context: RequestContext, pattern: String, category: CategoryReference? = nil, cursors: CursorSigner) throws(Refusal) {
    var query = try QueryParameters(context.request)
    let sort = try query.choice("sort", ProductSort.self) ?? .newest
    let limit = try query.limit()
    let count = try query.choice("count", CountMode.self)
    let filter = try Self.filter(&query, category: category)
    let after = query.string("after")
    try query.finish()
    scope = CursorSigner.Scope(pattern, Self.parts(of: filter, sort))
    listing = ProductListing(filter: filter, sort: sort, limit: limit)
    listing.isCounted = count != nil
    if let after { listing.start = try Self.start(try cursors.read(after, for: scope), sort) }
  }

  /// The filter parameters, which listings, facets and nothing else share.
  static func filter(_ query: inout QueryParameters, category: CategoryReference? = nil) throws(Refusal) -> ProductFilter {
    var reference = category
    if category == nil, let text = query.string("category") {
      reference = CategoryReference(text)
      if reference == nil { throw QueryParameters.refusal("category", "must be the handle or id of a category") }
    }
    let range: ClosedRange<Int64> = 0...Money.largestAmount
    let filter = ProductFilter(
      category: reference, attributes: try query.attributes(),
      priceMinimum: try query.integer("filter[price.gte]", in: range),
      priceMaximum: try query.integer("filter[price.lte]", in: range),
      inStock: try query.bool("filter[in_stock]") ?? false, currency: try query.currency("currency") ?? .usd)
    try filter.check()
    return filter.normalized
  }

  /// All that decides which products come in which order.
  private static func parts(of filter: ProductFilter, _ sort: ProductSort) -> [String] {
    var parts = [sort.rawValue, filter.currency.code, "\(filter.inStock)"]
    parts.append(filter.priceMinimum.map { "\($0)" } ?? "")
    parts.append(filter.priceMaximum.map { "\($0)" } ?? "")
    switch filter.category {
    case nil: parts.append("")
    case .id(let id): parts.append(id.description)
    case .handle(let handle): parts.append(handle.text)
    }
    for attribute in filter.attributes { parts += [attribute.name] + attribute.values }
    return parts
  }

  private static func start(_ cursor: Cursor, _ sort: ProductSort) throws(Refusal) -> ProductListing.Start {
    let key: ProductListing.Key
    switch (sort, cursor.keys.first) {
    case (.newest, .integer(let time)), (.oldest, .integer(let time)): key = .createdAt(Timestamp(microseconds: time))
    case (.title, .text(let title)), (.titleDescending, .text(let title)): key = .title(title)
    case (.price, .integer(let amount)), (.priceDescending, .integer(let amount)): key = .amount(amount)
    default: throw .malformed(.invalidCursor, detail: "This cursor is not of this listing. Start again from its first page.")
    }
    return ProductListing.Start(key: key, product: ProductID(cursor.id), isBackward: cursor.direction == .backward)
  }

  static func cursor(_ key: ProductListing.Key?, _ product: ProductSnapshot?, _ direction: Cursor.Direction) -> Cursor? {
    guard let key, let product else { return nil }
    let part: Cursor.Key =
      switch key {
      case .createdAt(let time): .integer(time.microseconds)
      case .title(let title): .text(title)
      case .amount(let amount): .integer(amount)
      }
    return Cursor(keys: [part], id: product.id.uuid, direction: direction)
  }
}
