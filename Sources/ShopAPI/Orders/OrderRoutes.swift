import HTTP
import Shop
import ShopStore

/// Orders and payments for who holds the cart's token, and for admins; cancelling; the admin's list.
package struct OrderRoutes: Sendable {
  private let flow: CheckoutFlow
  private let cursors: CursorSigner

  package init(flow: CheckoutFlow, cursors: CursorSigner) {
    self.flow = flow
    self.cursors = cursors
  }

  package var routes: [Route] {
    [
      Route(.get, "/v1/orders/{id}", .readOrder, .cartOrAdmin, .read, order),
      Route(.get, "/v1/payments/{id}", .readPayment, .cartOrAdmin, .read, payment),
      Route(.post, "/v1/orders/{id}/cancellations", .cancelOrder, .cartOrAdmin, .checkout, cancel),
      Route(.get, "/v1/admin/orders", .listOrders, .admin, .read, list),
      Route(.get, "/v1/admin/orders/{id}", .readOrderAsAdmin, .admin, .read, order),
    ]
  }

  private func order(_ context: RequestContext) async throws -> Response {
    let order = try await flow.orders.order(
      try context.identifier(), token: context.cartTokenDigest, deadline: context.deadline)
    return Self.answer(200, OrderView.body(order))
  }

  private func payment(_ context: RequestContext) async throws -> Response {
    let payment = try await flow.orders.payment(
      try context.identifier(), token: context.cartTokenDigest, deadline: context.deadline)
    return Self.answer(200, PaymentView.body(payment))
  }

  private func cancel(_ context: RequestContext) async throws -> Response {
    let id: OrderID = try context.identifier()
    let keyed = try context.keyedAsRequired()
    var reason: String?
    if !context.request.body.isEmpty {
      var fields = try Fields(context.request)
      let text = fields.string("reason")
      reason = try fields.check { () throws(Refusal) in try OrderCancellation.checkedReason(text) } ?? nil
      try fields.finish()
    }
    let token = context.cartTokenDigest
    let result = try await flow.orders.cancel(
      id, token: token, actor: token == nil ? "admin" : "shopper", reason: reason, request: keyed, now: context.now,
      deadline: flow.time.opening(of: context.deadline))
    switch result {
    case .replay(let answer): return Response(GivenAnswer(answer, isReplayed: true))
    case .cancelled(let voids):
      for void in voids { await flow.void(void, timeout: flow.time.asking(before: context.deadline)) }
      let order = try await flow.orders.order(id, token: token, deadline: context.deadline)
      let answer = KeptAnswer(status: 201, location: "/v1/orders/\(id)", body: OrderView.body(order))
      try await flow.orders.finish(keyed, answer, deadline: context.deadline)
      return Response(GivenAnswer(answer))
    }
  }

  private func list(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    let status = try query.choice("status", OrderStatus.self)
    let limit = try query.limit()
    let after = query.string("after")
    try query.finish()
    let scope = CursorSigner.Scope("/v1/admin/orders", [status?.rawValue ?? ""])
    let cursor = try after.map { text throws(Refusal) in try cursors.read(text, for: scope) }
    var place: (createdAt: Timestamp, id: OrderID)?
    if let cursor, case .integer(let microseconds)? = cursor.keys.first {
      place = (Timestamp(microseconds: microseconds), OrderID(cursor.id))
    }
    let isBackward = cursor?.direction == .backward
    let (orders, hasMore) = try await flow.orders.orders(
      status: status, from: place, isBackward: isBackward, limit: limit, deadline: context.deadline)
    func sign(_ order: Order?, _ direction: Cursor.Direction) -> String? {
      order.map {
        cursors.sign(
          Cursor(keys: [.integer($0.createdAt.microseconds)], id: $0.id.uuid, direction: direction), for: scope)
      }
    }
    let hasNext = isBackward || hasMore
    let hasPrevious = isBackward ? hasMore : place != nil
    let page = Page(
      next: hasNext ? sign(orders.last, .forward) : nil, previous: hasPrevious ? sign(orders.first, .backward) : nil)
    var response = Self.answer(200, page.body(orders) { OrderView.write($1, to: &$0) })
    let links = page.links(context.request)
    if !links.isEmpty { response.fields.append("Link", links) }
    return response
  }

  private static func answer(_ status: Status, _ body: [UInt8]) -> Response {
    var response = Response(status, contentType: "application/json", body)
    response.fields.append("Cache-Control", "no-store")
    return response
  }
}
