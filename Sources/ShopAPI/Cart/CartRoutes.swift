import HTTP
import JSON
import Shop
import ShopStore

/// Guest carts. Each is opened by the token that its 201 told.
package struct CartRoutes: Sendable {
  private let store: CartStore

  package init(store: CartStore) { self.store = store }

  package var routes: [Route] {
    [
      Route(.post, "/v1/carts", .createCart) { try await create($0) },
      Route(.get, "/v1/carts/{id}", .readCart, .cart) { try await read($0) },
      Route(.delete, "/v1/carts/{id}", .discardCart, .cart) { try await discard($0) },
      Route(.post, "/v1/carts/{id}/lines", .addLine, .cart) { try await change($0, Self.addition) },
      Route(.patch, "/v1/carts/{id}/lines/{line_id}", .changeLine, .cart) { try await change($0, Self.quantity) },
      Route(.delete, "/v1/carts/{id}/lines/{line_id}", .removeLine, .cart) { try await change($0, Self.removal) },
      Route(.put, "/v1/carts/{id}/email", .setEmail, .cart) { try await change($0, Self.email) },
      Route(.put, "/v1/carts/{id}/shipping-address", .setShippingAddress, .cart) {
        try await change($0) { .shippingAddress(try Self.address($0)) }
      },
      Route(.put, "/v1/carts/{id}/billing-address", .setBillingAddress, .cart) {
        try await change($0) { .billingAddress(try Self.address($0)) }
      },
      Route(.put, "/v1/carts/{id}/shipping-method", .setShippingMethod, .cart) { try await change($0, Self.shippingMethod) },
      Route(.post, "/v1/carts/{id}/discount-codes", .addDiscountCode, .cart) { try await change($0, Self.discountCode) },
      Route(.delete, "/v1/carts/{id}/discount-codes/{code}", .removeDiscountCode, .cart) {
        try await change($0, Self.discountCodeInPath)
      },
      Route(.get, "/v1/carts/{id}/shipping-options", .listShippingOptions, .cart) { try await shippingOptions($0) },
      Route(.get, "/v1/carts/{id}/quote", .quoteCart, .cart) { try await quote($0) },
    ]
  }

  // MARK: Making and reading

  private func create(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed()
    var fields = try Fields(context.request)
    fields.require("currency")
    let country = fields.country("country")
    let asked = fields.currency("currency")
    let currency = try fields.finish(asked)
    let given = try await store.create(currency: currency, country: country, keyed: keyed, context.moment) { snapshot, token in
      try Self.answer(snapshot, status: 201, location: "/v1/carts/\(snapshot.cart.id)", token: token)
    }
    return Response(given)
  }

  private func read(_ context: RequestContext) async throws -> Response {
    Response(GivenAnswer(try Self.answer(try await opened(context))))
  }

  private func shippingOptions(_ context: RequestContext) async throws -> Response {
    let snapshot = try await opened(context)
    try snapshot.cart.checkOpen(at: context.now)
    return answer(CartView(snapshot: snapshot).shippingOptions())
  }

  private func quote(_ context: RequestContext) async throws -> Response {
    let snapshot = try await store.quotable(try context.cartAccess(), context.moment)
    return answer(try CartView(snapshot: snapshot).quote())
  }

  private func opened(_ context: RequestContext) async throws -> CartSnapshot {
    try await store.cart(try context.cartAccess(), context.moment)
  }

  private func answer(_ body: [UInt8]) -> Response {
    var response = Response(200, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    return response
  }

  private static func answer(
    _ snapshot: CartSnapshot, status: Int = 200, location: String? = nil, token: String? = nil
  ) throws -> KeptAnswer {
    KeptAnswer(
      status: status, location: location, tag: EntityTag.ofVersion(snapshot.cart.version).description,
      body: try CartView(snapshot: snapshot).body(token: token))
  }

  // MARK: Changing

  private func change(
    _ context: RequestContext, _ command: (RequestContext) throws -> CartCommand
  ) async throws -> Response {
    let access = try context.cartAccess()
    let keyed = try context.keyed()
    let condition = try context.precondition()
    return Response(
      try await store.change(access, try command(context), if: condition, keyed: keyed, context.moment) { try Self.answer($0) })
  }

  private func discard(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed()
    return Response(
      try await store.discard(try context.cartAccess(), if: try context.precondition(), keyed: keyed, context.moment))
  }

  // MARK: Bodies

  private static func addition(_ context: RequestContext) throws -> CartCommand {
    var fields = try Fields(context.request)
    fields.require("variant_id", "quantity")
    let variant = fields.identifier("variant_id", VariantKind.self)
    let quantity = fields.integer("quantity", in: CartLimits.quantity)
    let (variantID, count) = try fields.finish(variant, quantity)
    return .addLine(variantID, quantity: count)
  }

  private static func quantity(_ context: RequestContext) throws -> CartCommand {
    let line = try context.identifier(1, LineID.self)
    var fields = try Fields(context.request)
    fields.require("quantity")
    let quantity = fields.integer("quantity", in: 0...CartLimits.quantity.upperBound)
    return .setLine(line, quantity: try fields.finish(quantity))
  }

  private static func removal(_ context: RequestContext) throws -> CartCommand {
    .removeLine(try context.identifier(1, LineID.self))
  }

  private static func email(_ context: RequestContext) throws -> CartCommand {
    var fields = try Fields(context.request)
    fields.require("email")
    let email = fields.email("email")
    return .email(try fields.finish(email))
  }

  private static func shippingMethod(_ context: RequestContext) throws -> CartCommand {
    var fields = try Fields(context.request)
    fields.require("id")
    let id = fields.string("id", longest: CartLimits.longestShippingMethod)
    return .shippingMethod(try fields.finish(id))
  }

  private static func discountCode(_ context: RequestContext) throws -> CartCommand {
    var fields = try Fields(context.request)
    fields.require("code")
    let code = fields.discountCode("code")
    return .addDiscount(try fields.finish(code))
  }

  private static func discountCodeInPath(_ context: RequestContext) throws -> CartCommand {
    guard context.parameters.count > 1, let code = DiscountCode(context.parameters[1]) else { throw Refusal.notFound }
    return .removeDiscount(code)
  }

  private static func address(_ context: RequestContext) throws -> Address {
    var fields = try Fields(context.request)
    let draft = Address.Draft(
      name: fields.string("name"), line1: fields.string("line1"), line2: fields.string("line2"), city: fields.string("city"),
      region: fields.string("region"), postalCode: fields.string("postal_code"), country: fields.string("country"),
      phone: fields.string("phone"))
    let address = try fields.check { () throws(Refusal) in try draft.checked() }
    return try fields.finish(address)
  }
}
