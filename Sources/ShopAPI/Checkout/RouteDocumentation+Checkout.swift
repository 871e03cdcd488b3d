import Shop

extension RouteDocumentation {
  private static let refusals: [Refusal] = [
    .outOfStock([]), .notSellable([]), .cartClosed(order: nil), .checkoutInProgress(retryAfter: 1), .cartEmpty,
  ]

  static let completeCart = RouteDocumentation(
    "completeCart", .checkout, "Pays for a cart, which becomes an order",
    body: .request([
      "expected_total": Schema.request(["amount": .amount, "currency": .currency]).noted("What the shopper saw."),
      "payment": .request(["provider": .name(), "token": .text(TextRule(longest: PaymentRequest.longestToken))]),
    ]),
    key: .required, precondition: .accepted,
    answers: [
      Answer(201, "The order.", .component(.order), [.location, .replayed]),
      Answer(202, "The payment is not decided yet: ask again with the same key.", .component(.pendingPayment), [.retryAfter]),
    ],
    refusals: refusals + [.priceChanged(current: Money(0, .usd)), .discountUnavailable, .cartIncomplete([]), .paymentDeclined])

  static let holdCart = RouteDocumentation(
    "holdCart", .checkout, "Reserves what is in the cart for a while; again extends it", key: .accepted,
    precondition: .accepted, answers: [Answer(200, "The holds.", .component(.holds), [.replayed])], refusals: refusals)
}

extension Component {
  static let holds = Component("Holds") {
    .view([
      "cart_id": .id(CartKind.self),
      "expires_at": .timestamp,
      "holds": .list(
        .view(["line_id": .id(LineKind.self), "variant_id": .id(VariantKind.self), "quantity": .quantity])),
    ])
  }

  static let pendingPayment = Component("PendingPayment") {
    .view([
      "status": .words(["pending", "requires_action"]),
      "payment": .view([
        "id": .id(PaymentKind.self), "status": .choice(PaymentStatus.self), "next_action": .component(.nextAction).orNull,
      ]),
    ])
  }
}
