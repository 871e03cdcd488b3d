import HTTP
import JSON
import Shop
import ShopStore

/// Guest carts. Each is opened by the token that its 201 told.
package struct CartRoutes: Sendable {
  private let store: CartStore
  private let keyLifetime: Int64

  package init(store: CartStore, keyLifetimeSeconds: Int64) {
    self.store = store
    keyLifetime = keyLifetimeSeconds
  }

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
      Route(.get, "/v1/carts/{id}/shipping-options", .listShippingOptions, .cart) { try await shippingOptions($0) },
      Route(.get, "/v1/carts/{id}/quote", .quoteCart, .cart) { try await quote($0) },
    ]
  }

  // MARK: Making and reading

  private func create(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed(lifetimeSeconds: keyLifetime)
    var fields = try Fields(context.request)
    fields.require("currency")
    let country = fields.country("country")
    let asked = fields.currency("currency")
    let currency = try fields.finish(asked)
    let given = try await store.create(currency: currency, country: country, keyed: keyed, context.moment) { snapshot, token in
      KeptAnswer(
        status: 201, location: "/v1/carts/\(snapshot.cart.id)", body: try CartView(snapshot: snapshot).body(token: token))
    }
    return Response(given)
  }

  private func read(_ context: RequestContext) async throws -> Response {
    let snapshot = try await opened(context)
    var response = answer(try CartView(snapshot: snapshot).body())
    response.fields.append("ETag", EntityTag("\(snapshot.cart.version)").description)
    return response
  }

  private func shippingOptions(_ context: RequestContext) async throws -> Response {
    let snapshot = try await opened(context)
    try snapshot.cart.checkOpen(at: context.now)
    return answer(CartView(snapshot: snapshot).shippingOptions())
  }

  private func quote(_ context: RequestContext) async throws -> Response {
    let snapshot = try await store.quotable(try access(context), context.moment)
    return answer(try CartView(snapshot: snapshot).quote(now: context.now))
  }

  private func opened(_ context: RequestContext) async throws -> CartSnapshot {
    try await store.cart(try access(context), context.moment)
  }

  private func answer(_ body: [UInt8]) -> Response {
    var response = Response(200, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    return response
  }

  /// The path's cart with the caller's token; whether they belong together is for the database to say.
  private func access(_ context: RequestContext) throws(Refusal) -> CartAccess {
    guard case .cart(let token) = context.principal else { throw .unauthenticated }
    return CartAccess(cart: try context.identifier(), token: token)
  }

  // MARK: Changing

  private func change(
    _ context: RequestContext, _ command: (RequestContext) throws -> CartCommand
  ) async throws -> Response {
    let access = try access(context)
    let keyed = try context.keyed(lifetimeSeconds: keyLifetime)
    let versions = try context.cartVersions
    let given = try await store.change(access, try command(context), versions: versions, keyed: keyed, context.moment) {
      KeptAnswer(status: 200, body: try CartView(snapshot: $0).body())
    }
    return Response(given)
  }

  private func discard(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyed(lifetimeSeconds: keyLifetime)
    return Response(
      try await store.discard(try access(context), versions: try context.cartVersions, keyed: keyed, context.moment))
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

extension RequestContext {
  var moment: Moment { Moment(now: now, deadline: deadline) }

  /// The versions that If-Match allows; nil where it is not sent, or allows any.
  fileprivate var cartVersions: [Int64]? {
    get throws(Refusal) {
      guard let field = request.head.combinedField("if-match") else { return nil }
      switch EntityTag.Condition(field) {
      case nil: throw .malformed(.invalidHeader, detail: "If-Match is a list of entity tags in quotes, or *.")
      case .any: return nil
      // If-Match compares strongly (RFC 9110 section 13.1.1): a weak tag, or one of something else, matches nothing.
      case .oneOf(let tags): return tags.compactMap { $0.isWeak ? nil : Int64($0.opaque) }
      }
    }
  }
}
