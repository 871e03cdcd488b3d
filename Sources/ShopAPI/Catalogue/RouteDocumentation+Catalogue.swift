import Shop

extension RouteDocumentation {
  private static let kept: [Header] = [.entityTag, .cacheControl]
  private static let notModified = Answer(304, "What the client has still holds.", nil, kept)

  private static let filters: [Parameter] = [
    .query("category", .handleOrID(CategoryKind.self), "Handle or id of a category; those below it count too."),
    .query(
      "filter", .filter,
      """
      All must hold: `filter[attribute.NAME]=a,b` (any of the values), `filter[price.gte]` and `filter[price.lte]` in minor units, \
      `filter[in_stock]=true`.
      """),
    .currency,
  ]
  private static let listing: [Parameter] = [
    .query("sort", .choice(ProductSort.self), "`\(ProductSort.newest.rawValue)` where nothing is said."),
    .limit, .after,
    .query("count", .choice(ListingRequest.CountMode.self), "Adds how many there are in all."),
  ]

  static let listProducts = RouteDocumentation(
    "listProducts", .catalogue, "Lists products, filtered and sorted", query: filters + listing,
    answers: [Answer(200, "A page of products.", .page(of: .productSummary, isCounted: true), kept + [.links]), notModified])

  static let readProduct = RouteDocumentation(
    "readProduct", .catalogue, "Shows a product", query: [.currency],
    answers: [Answer(200, "The product.", .component(.product), kept), notModified])

  static let readFacets = RouteDocumentation(
    "readFacets", .catalogue, "Counts what a listing could be narrowed down to", query: filters,
    answers: [Answer(200, "The facets.", .component(.facets), kept), notModified])

  static let searchProducts = RouteDocumentation(
    "searchProducts", .catalogue, "Searches products by text, best first",
    query: [
      .query(
        "q", .text(1...CatalogueRoutes.longestQuery, pattern: "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"), isRequired: true,
        "What to look for."),
      .limit, .after, .currency,
    ],
    answers: [Answer(200, "A page of products.", .page(of: .productSummary), kept + [.links]), notModified])

  static let listCategories = RouteDocumentation(
    "listCategories", .catalogue, "Shows the tree of categories",
    answers: [Answer(200, "The categories at the top.", .whole(of: .component(.categoryNode)), kept), notModified])

  static let listProductsOfCategory = RouteDocumentation(
    "listProductsOfCategory", .catalogue, "Lists the products of a category and those below it",
    query: Array(filters.dropFirst()) + listing,
    answers: [Answer(200, "A page of products.", .page(of: .productSummary, isCounted: true), kept + [.links]), notModified])
}

extension Schema {
  /// The members of the query's `filter[…]`.
  fileprivate static var filter: Schema {
    let amount = integer(0...Money.largestAmount)
    let members = members(["price.gte": amount, "price.lte": amount, "in_stock": .boolean], areRequired: false)
    let names = "^attribute\\.[a-z0-9_-]{1,\(TextRule.attributeName.longest)}$"
    let values = text(pattern: "^[^,\\u0000]+(,[^,\\u0000]+){0,\(ProductFilter.mostValues - 1)}$")
    return Schema(.object(members, others: .matching(names, values), most: ProductFilter.mostAttributes))
  }
}
