import Shop

extension RouteDocumentation {
  private static let order = Schema.component(.order)

  static let readOrder = RouteDocumentation(
    "readOrder", .orders, "Shows an order to who holds its cart's token",
    answers: [Answer(200, "The order.", order)])

  static let readPayment = RouteDocumentation(
    "readPayment", .orders, "Shows a payment to who holds its cart's token",
    answers: [Answer(200, "The payment.", .component(.payment))])

  static let cancelOrder = RouteDocumentation(
    "cancelOrder", .orders, "Cancels a whole order and gives the reserved money back",
    body: .request(optional: ["reason": .optionalText(.cancellationReason)]), bodyIsOptional: true,
    key: .required, answers: [Answer(201, "The order.", order, [.location, .replayed])],
    refusals: [.orderNotCancellable(.completed)])

  static let listOrders = RouteDocumentation(
    "listOrders", .orders, "Lists orders, newest first",
    query: [.query("status", .choice(OrderStatus.self), "Only those."), .limit, .after],
    answers: [Answer(200, "A page of orders.", .page(of: .order), [.links])])

  static let readOrderAsAdmin = RouteDocumentation(
    "readOrderAsAdmin", .orders, "Shows any order", answers: [Answer(200, "The order.", order)])
}
