import HTTP
import JSON
import Shop
import ShopStore

/// Changes of the catalogue, for holders of the admin key.
package struct CatalogueAdminRoutes: Sendable {
  private let store: CatalogueAdminStore

  package init(store: CatalogueAdminStore) { self.store = store }

  package var routes: [Route] {
    [
      Route(.post, "/v1/admin/products", .createProduct, .admin) { try await create($0) },
      Route(.get, "/v1/admin/products/{id}", .readProductAsAdmin, .admin) { try await product($0) },
      Route(.patch, "/v1/admin/products/{id}", .changeProduct, .admin) { try await change($0) },
      Route(.post, "/v1/admin/products/{id}/archive", .archiveProduct, .admin) { try await archive($0) },
      Route(.post, "/v1/admin/products/{id}/variants", .addVariant, .admin) { try await addVariant($0) },
      Route(.patch, "/v1/admin/variants/{id}", .changeVariant, .admin) { try await changeVariant($0) },
      Route(.put, "/v1/admin/variants/{id}/prices", .setPrices, .admin) { try await setPrices($0) },
      Route(.get, "/v1/admin/categories", .listCategoriesAsAdmin, .admin) { try await categories($0) },
      Route(.post, "/v1/admin/categories", .createCategory, .admin) { try await createCategory($0) },
      Route(.get, "/v1/admin/categories/{id}", .readCategory, .admin) { try await category($0) },
      Route(.patch, "/v1/admin/categories/{id}", .changeCategory, .admin) { try await changeCategory($0) },
    ]
  }

  // MARK: Products

  private func create(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed()
    let draft = try ProductRequest.product(context)
    return Response(
      try await store.create(draft, keyed: keyed, context.moment) {
        try Self.answer($0, status: 201, location: "/v1/admin/products/\($0.id)")
      })
  }

  private func product(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    return Response(GivenAnswer(try Self.answer(try await store.product(id, deadline: context.deadline))))
  }

  private func change(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    let condition = try context.requiredPrecondition()
    let keyed = try context.keyed()
    let change = try ProductRequest.change(context)
    return Response(
      try await store.change(id, change, if: condition, keyed: keyed, context.moment) { try Self.answer($0) })
  }

  private func archive(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    // Archiving twice does no harm, so a condition is taken but not asked for.
    let condition = try context.precondition()
    let keyed = try context.keyed()
    let change = try ProductChange(status: ProductStatus.archived.rawValue).checked()
    return Response(
      try await store.change(id, change, if: condition, keyed: keyed, context.moment) { try Self.answer($0) })
  }

  private func addVariant(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    // What is added takes nothing away, so a condition is taken but not asked for.
    let condition = try context.precondition()
    let keyed = try context.keyed()
    let draft = try ProductRequest.variant(context)
    return Response(
      try await store.addVariant(to: id, draft, if: condition, keyed: keyed, context.moment) {
        try Self.answer($0, status: 201, location: "/v1/admin/products/\(id)")
      })
  }

  private func changeVariant(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, VariantID.self)
    let condition = try context.requiredPrecondition()
    let keyed = try context.keyed()
    let change = try ProductRequest.variantChange(context)
    return Response(
      try await store.changeVariant(id, change, if: condition, keyed: keyed, context.moment) { try Self.answer($0) })
  }

  private func setPrices(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, VariantID.self)
    let condition = try context.requiredPrecondition()
    let keyed = try context.keyed()
    let prices = try ProductRequest.prices(context)
    return Response(
      try await store.setPrices(id, prices, if: condition, keyed: keyed, context.moment) { try Self.answer($0) })
  }

  private static func answer(_ product: ProductSnapshot, status: Int = 200, location: String? = nil) throws -> KeptAnswer {
    var json = JSONWriter(capacity: 4_096)
    try ProductView(product: product, currency: nil).write(to: &json)
    return KeptAnswer(
      status: status, location: location, tag: EntityTag.ofVersion(product.version).description, body: json.finish())
  }

  // MARK: Categories

  private func categories(_ context: RequestContext) async throws -> Response {
    let categories = try await store.categories(deadline: context.deadline)
    let body = Page(next: nil, previous: nil).body(categories) { CategoryView.write($1, to: &$0) }
    var response = Response(200, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    return response
  }

  private func category(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, CategoryID.self)
    guard let category = try await store.categories(deadline: context.deadline).first(where: { $0.id == id }) else {
      throw Refusal.notFound
    }
    return Response(GivenAnswer(Self.answer(category)))
  }

  private func createCategory(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed()
    let draft = try ProductRequest.category(context)
    return Response(
      try await store.createCategory(draft, keyed: keyed, context.moment) {
        Self.answer($0, status: 201, location: "/v1/admin/categories/\($0.id)")
      })
  }

  private func changeCategory(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, CategoryID.self)
    let condition = try context.requiredPrecondition()
    let keyed = try context.keyed()
    let draft = try ProductRequest.categoryChange(context)
    return Response(
      try await store.changeCategory(id, draft, if: condition, keyed: keyed, context.moment) { Self.answer($0) })
  }

  private static func answer(_ category: Shop.Category, status: Int = 200, location: String? = nil) -> KeptAnswer {
    var json = JSONWriter(capacity: 256)
    CategoryView.write(category, to: &json)
    return KeptAnswer(
      status: status, location: location, tag: EntityTag.ofVersion(category.version).description, body: json.finish())
  }
}

extension CategoryView {
  /// A category alone, with its version: what admins see.
  static func write(_ category: Shop.Category, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(category.id)
    json.key("handle")
    json.string(category.handle.text)
    json.key("title")
    json.string(category.title)
    json.key("parent_id")
    json.identifier(orNull: category.parent)
    json.key("position")
    json.integer(category.position)
    json.key("version")
    json.integer(category.version)
    json.endObject()
  }
}
