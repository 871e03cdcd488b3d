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
      Route(.put, "/v1/admin/variants/{id}/prices", .setPrices, .admin) { try await setPrices($0) },
      Route(.get, "/v1/admin/categories", .listCategoriesAsAdmin, .admin) { try await categories($0) },
      Route(.post, "/v1/admin/categories", .createCategory, .admin) { try await createCategory($0) },
      Route(.get, "/v1/admin/categories/{id}", .readCategory, .admin) { try await category($0) },
      Route(.patch, "/v1/admin/categories/{id}", .changeCategory, .admin) { try await changeCategory($0) },
    ]
  }

  // MARK: Products

  private func create(_ context: RequestContext) async throws -> Response {
    let draft = try ProductRequest.draft(context).checked()
    let product = try await store.create(draft, deadline: context.deadline)
    var response = try answer(product, 201)
    response.fields.append("Location", "/v1/admin/products/\(product.id)")
    return response
  }

  private func product(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    return try await answer(store.product(id, deadline: context.deadline))
  }

  private func change(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    let isPresent = try context.versionPrecondition()
    let change = try ProductRequest.change(context).checked()
    return try await answer(store.change(id, change, if: isPresent, deadline: context.deadline))
  }

  private func archive(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, ProductID.self)
    // Archiving twice does no harm, so a condition is taken but not asked for.
    var isPresent: CatalogueAdminStore.Precondition = { _ in true }
    if context.request.field("if-match") != nil { isPresent = try context.versionPrecondition() }
    return try await answer(store.archive(id, if: isPresent, deadline: context.deadline))
  }

  private func setPrices(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, VariantID.self)
    let isPresent = try context.versionPrecondition()
    let prices = try ProductRequest.prices(context)
    return try await answer(store.setPrices(id, prices, if: isPresent, deadline: context.deadline))
  }

  private func answer(_ product: ProductSnapshot, _ status: Status = 200) throws -> Response {
    var json = JSONWriter(capacity: 4_096)
    try ProductView(product: product, currency: nil).write(to: &json)
    return CatalogueAdminRoutes.answer(json.finish(), version: product.version, status)
  }

  private static func answer(_ body: [UInt8], version: Int64, _ status: Status) -> Response {
    var response = Response(status, contentType: "application/json", body)
    response.fields.append("ETag", EntityTag.ofVersion(version).description)
    response.fields.append("Cache-Control", "no-store")
    return response
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
    return answer(category)
  }

  private func createCategory(_ context: RequestContext) async throws -> Response {
    let draft = try ProductRequest.category(context)
    let category = try await store.createCategory(draft, deadline: context.deadline)
    var response = answer(category, 201)
    response.fields.append("Location", "/v1/admin/categories/\(category.id)")
    return response
  }

  private func changeCategory(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, CategoryID.self)
    let isPresent = try context.versionPrecondition()
    let draft = try ProductRequest.category(context)
    return answer(try await store.changeCategory(id, draft, if: isPresent, deadline: context.deadline))
  }

  private func answer(_ category: Shop.Category, _ status: Status = 200) -> Response {
    var json = JSONWriter(capacity: 256)
    CategoryView.write(category, to: &json)
    return Self.answer(json.finish(), version: category.version, status)
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
