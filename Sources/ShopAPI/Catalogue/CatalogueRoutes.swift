import HTTP
import JSON
import Shop
import ShopStore

/// The public catalogue.
package struct CatalogueRoutes: Sendable {
  private let cursors: CursorSigner
  private let responses: CatalogueResponse

  package init(source: CatalogueSource, cache: ResponseCache, cursors: CursorSigner) {
    responses = CatalogueResponse(source: source, cache: cache)
    self.cursors = cursors
  }

  /// Of what is searched for, in characters.
  static let longestQuery = 256

  package var routes: [Route] {
    [
      Route(.get, "/v1/products", .listProducts) { try await products($0, pattern: "/v1/products") },
      Route(.get, "/v1/products/{id}", .readProduct) { try await product($0) },
      Route(.get, "/v1/products/facets", .readFacets) { try await facets($0) },
      Route(.get, "/v1/search", .searchProducts) { try await search($0) },
      Route(.get, "/v1/categories", .listCategories) { try await categories($0) },
      Route(.get, "/v1/categories/{id}/products", .listProductsOfCategory) { context in
        guard let category = context.parameters.first.flatMap({ CategoryReference($0) }) else { throw Refusal.notFound }
        return try await products(context, pattern: "/v1/categories/{id}/products", category: category)
      },
    ]
  }

  // MARK: One product

  private func product(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    let currency = try query.currency("currency")
    try query.finish()
    guard let reference = context.parameters.first.flatMap({ ProductReference($0) }) else { throw Refusal.notFound }
    return try await responses.answer(context) { store, deadline in
      let product = try await store.product(reference, deadline: deadline)
      let tag = EntityTag("\(CatalogueResponse.viewVersion).\(product.revision)\(currency.map { ".\($0)" } ?? "")")
      var json = JSONWriter(capacity: 4_096)
      try ProductView(product: product, currency: currency).write(to: &json)
      return CachedResponse(body: json.finish(), tag: tag.description)
    }
  }

  // MARK: Lists

  private func products(
    _ context: RequestContext, pattern: String, category: CategoryReference? = nil
  ) async throws -> Response {
    let request = try ListingRequest(context, pattern: pattern, category: category, cursors: cursors)
    return try await responses.answer(context) { store, deadline in
      let found: ProductPage
      do {
        found = try await store.products(request.listing, deadline: deadline)
      } catch Refusal.notFound where category == nil {
        throw QueryParameters.refusal("category", "names no category")
      }
      var page = Page(
        next: found.hasNext ? cursor(found.last, found.products.last, .forward, request.scope) : nil,
        previous: found.hasPrevious ? cursor(found.first, found.products.first, .backward, request.scope) : nil)
      page.count = found.count
      return try answer(context, found.products, page, currency: request.listing.filter.currency)
    }
  }

  private func cursor(
    _ key: ProductListing.Key?, _ product: ProductSnapshot?, _ direction: Cursor.Direction, _ scope: CursorSigner.Scope
  ) -> String? {
    ListingRequest.cursor(key, product, direction).map { cursors.sign($0, for: scope) }
  }

  private func search(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    guard let text = query.string("q"), text.contains(where: { !$0.isWhitespace }), text.unicodeScalars.count <= Self.longestQuery
    else {
      throw QueryParameters.refusal("q", "must be 1 to \(Self.longestQuery) characters, not all of them blank")
    }
    let limit = try query.limit()
    let currency = try query.currency("currency")
    let after = query.string("after")
    try query.finish()
    let scope = CursorSigner.Scope("/v1/search", [text])
    var place: CatalogueStore.SearchPlace?
    if let after {
      let cursor = try cursors.read(after, for: scope)
      guard case .integer(let bits) = cursor.keys.first else {
        throw Refusal.malformed(.invalidCursor, detail: "This cursor is not of this search.")
      }
      place = CatalogueStore.SearchPlace(rank: Double(bitPattern: UInt64(bitPattern: bits)), product: ProductID(cursor.id))
    }
    return try await responses.answer(context) { [place] store, deadline in
      let found = try await store.search(text, limit: limit, after: place, deadline: deadline)
      let next = found.next.map { place in
        let rank = Int64(bitPattern: place.rank.bitPattern)
        return cursors.sign(Cursor(keys: [.integer(rank)], id: place.product.uuid), for: scope)
      }
      // Best first and onwards only: nobody pages back through a ranking.
      return try answer(context, found.products, Page(next: next, previous: nil), currency: currency)
    }
  }

  private func answer(
    _ context: RequestContext, _ products: [ProductSnapshot], _ page: Page, currency: Currency?
  ) throws -> CachedResponse {
    var digest = Digest64()
    digest.add(Int64(CatalogueResponse.viewVersion))
    for product in products {
      digest.add(Int64(bitPattern: product.id.uuid.low))
      digest.add(product.revision)
    }
    digest.add(page.next)
    digest.add(page.previous)
    digest.add(page.count ?? -1)
    digest.add(currency?.code)
    let body = try page.body(products, capacity: 256 + 2_048 * products.count) { json, product in
      try ProductView(product: product, currency: currency).write(to: &json)
    }
    return CachedResponse(body: body, tag: EntityTag(digest.text).description, annex: page.links(context.request))
  }

  // MARK: Facets and categories

  private func facets(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    let filter = try ListingRequest.filter(&query)
    try query.finish()
    return try await responses.answer(context) { store, deadline in
      let facets: ProductFacets
      do {
        facets = try await store.facets(filter, deadline: deadline)
      } catch Refusal.notFound {
        throw QueryParameters.refusal("category", "names no category")
      }
      let body = FacetsView(facets: facets, currency: filter.currency).body()
      return CachedResponse(body: body, tag: EntityTag.ofBody(body).description)
    }
  }

  private func categories(_ context: RequestContext) async throws -> Response {
    return try await responses.answer(context) { store, deadline in
      let tree = try await store.categories(deadline: deadline)
      var json = JSONWriter(capacity: 4_096)
      json.beginObject()
      json.key("data")
      json.beginArray()
      for node in tree.nodes { CategoryView.write(node, to: &json) }
      json.endArray()
      json.endObject()
      let body = json.finish()
      return CachedResponse(body: body, tag: EntityTag.ofBody(body).description)
    }
  }
}

extension EntityTag {
  /// For answers that have no version of their own.
  static func ofBody(_ body: [UInt8]) -> EntityTag {
    var digest = Digest64()
    digest.add(body)
    return EntityTag(digest.text)
  }
}
