import Shop

extension RouteDocumentation {
  private static let changed = Answer(200, "The cart.", .component(.cart), [.entityTag, .replayed])
  /// What takes no more changes.
  private static let closed: [Refusal] = [.cartClosed(order: nil), .checkoutInProgress(retryAfter: 1)]

  private static func change(_ id: String, _ summary: String, _ body: Schema?) -> RouteDocumentation {
    RouteDocumentation(
      id, .carts, summary, body: body, key: .accepted, precondition: .accepted, answers: [changed], refusals: closed)
  }

  static let createCart = RouteDocumentation(
    "createCart", .carts, "Makes an empty cart", body: .request(["currency": .currency], optional: ["country": .country.orNull]),
    key: .accepted,
    answers: [Answer(201, "The cart and the token that opens it.", .component(.newCart), [.location, .entityTag, .replayed])])

  static let readCart = RouteDocumentation(
    "readCart", .carts, "Shows a cart at present prices",
    answers: [Answer(200, "The cart.", .component(.cart), [.entityTag])])

  static let discardCart = RouteDocumentation(
    "discardCart", .carts, "Throws a cart away", key: .accepted, precondition: .accepted,
    answers: [Answer(204, "It is gone.", nil, [.replayed])], refusals: closed)

  static let addLine = change(
    "addLine", "Puts a variant in the cart; what is there of it already counts too",
    .request(["variant_id": .id(VariantKind.self), "quantity": .quantity]))

  static let changeLine = change(
    "changeLine", "Changes how many; 0 takes the line out",
    .request(["quantity": .integer(0...CartLimits.quantity.upperBound)]))

  static let removeLine = change("removeLine", "Takes a line out", nil)

  static let setEmail = change("setEmail", "Sets where the confirmation goes", .request(["email": .email]))

  static let setShippingAddress = change(
    "setShippingAddress", "Sets where the order goes; taxes and shipping follow it", .component(.newAddress))

  static let setBillingAddress = change("setBillingAddress", "Sets who pays", .component(.newAddress))

  static let setShippingMethod = change(
    "setShippingMethod", "Chooses a way of sending", .request(["id": .name(1...CartLimits.longestShippingMethod)]))

  static let addDiscountCode = change(
    "addDiscountCode", "Gives a discount code, which applies behind those that are there", .request(["code": .discountCode]))

  static let removeDiscountCode = change("removeDiscountCode", "Takes a discount code back", nil)

  static let listShippingOptions = RouteDocumentation(
    "listShippingOptions", .carts, "Lists the ways in which the cart can be sent, cheapest first",
    answers: [Answer(200, "The options.", .whole(of: .component(.shippingOption)))], refusals: closed)

  static let quoteCart = RouteDocumentation(
    "quoteCart", .carts, "Prices the cart and tells what stands in the way of its order",
    answers: [Answer(200, "The quote.", .component(.quote))], refusals: closed)
}

extension Component {
  static let newAddress = Component("NewAddress") {
    .request(
      [
        "name": .text(.personName), "line1": .text(.addressLine), "city": .text(.city), "postal_code": .text(.postalCode),
        "country": .country,
      ],
      optional: [
        "line2": .optionalText(.addressLine), "region": .optionalText(.region), "phone": .optionalText(.phone),
      ])
  }
}
