import HTTP
import JSON
import Shop
import ShopStore

/// Discount codes, for holders of the admin key.
package struct DiscountRoutes: Sendable {
  private let store: DiscountStore
  private let cursors: CursorSigner

  package init(store: DiscountStore, cursors: CursorSigner) {
    self.store = store
    self.cursors = cursors
  }

  package var routes: [Route] {
    [
      Route(.post, "/v1/admin/discount-codes", .createDiscount, .admin) { try await create($0) },
      Route(.get, "/v1/admin/discount-codes", .listDiscounts, .admin) { try await list($0) },
      Route(.get, "/v1/admin/discount-codes/{id}", .readDiscount, .admin) { try await read($0) },
      Route(.patch, "/v1/admin/discount-codes/{id}", .changeDiscount, .admin) { try await change($0) },
    ]
  }

  private func create(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed()
    let new = try DiscountRequest.new(context)
    return Response(
      try await store.create(new, keyed: keyed, context.moment) {
        Self.answer($0, status: 201, location: "/v1/admin/discount-codes/\($0.id)")
      })
  }

  private func read(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, DiscountID.self)
    return Response(GivenAnswer(Self.answer(try await store.discount(id, deadline: context.deadline))))
  }

  private func change(_ context: RequestContext) async throws -> Response {
    let id = try context.identifier(0, DiscountID.self)
    let condition = try context.requiredPrecondition()
    let keyed = try context.keyed()
    let draft = try DiscountRequest.change(context)
    return Response(try await store.change(id, draft, if: condition, keyed: keyed, context.moment) { Self.answer($0) })
  }

  private static func answer(_ discount: Discount, status: Int = 200, location: String? = nil) -> KeptAnswer {
    var json = JSONWriter(capacity: 512)
    DiscountView.write(discount, to: &json)
    return KeptAnswer(
      status: status, location: location, tag: EntityTag.ofVersion(discount.version).description, body: json.finish())
  }

  private func list(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    let status = try query.choice("status", DiscountStatus.self)
    let code = try query.string("code").map { text throws(Refusal) in
      guard let code = DiscountCode(text) else {
        throw QueryParameters.refusal(
          "code", "must be \(DiscountCode.lengths.lowerBound) to \(DiscountCode.lengths.upperBound) visible ASCII characters")
      }
      return code
    }
    let limit = try query.limit()
    let after = query.string("after")
    try query.finish()
    let scope = CursorSigner.Scope("/v1/admin/discount-codes", [status?.rawValue ?? "", code?.text ?? ""])
    let start = try after.map { text throws(Refusal) in DiscountID(try cursors.read(text, for: scope).id) }
    let found = try await store.discounts(status: status, code: code, after: start, limit: limit, deadline: context.deadline)
    let next = found.hasNext ? found.discounts.last.map { cursors.sign(Cursor(keys: [], id: $0.id.uuid), for: scope) } : nil
    let page = Page(next: next, previous: nil)
    var response = Response(
      200, contentType: "application/json",
      page.body(found.discounts, capacity: 512 * found.discounts.count + 128) { DiscountView.write($1, to: &$0) })
    response.fields.append("Cache-Control", "no-store")
    let links = page.links(context.request)
    if !links.isEmpty { response.fields.append("Link", links) }
    return response
  }
}
