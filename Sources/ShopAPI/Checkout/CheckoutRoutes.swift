import HTTP
import JSON
import Shop
import ShopStore

/// Completing a cart and holding its stock.
package struct CheckoutRoutes: Sendable {
  private let flow: CheckoutFlow

  package init(flow: CheckoutFlow) { self.flow = flow }

  package var routes: [Route] {
    [
      Route(.post, "/v1/carts/{id}/complete", .completeCart, .cart, .checkout) { try await counted($0) },
      Route(.post, "/v1/carts/{id}/holds", .holdCart, .cart, .write) { try await holding($0) },
    ]
  }

  private func counted(_ context: RequestContext) async throws -> Response {
    do {
      let (response, isReplayed) = try await complete(context)
      flow.report(.answered(isReplayed ? .replayed : .init(response.status)))
      return response
    } catch {
      let answer = CheckoutEvent.Answer(error)
      flow.report(.answered(answer))
      if answer == .outOfStock { flow.report(.outOfStock) }
      throw error
    }
  }

  private func holding(_ context: RequestContext) async throws -> Response {
    do {
      return try await hold(context)
    } catch Refusal.outOfStock(let shortages) {
      flow.report(.outOfStock)
      throw Refusal.outOfStock(shortages)
    }
  }

  private func complete(_ context: RequestContext) async throws -> (Response, isReplayed: Bool) {
    let access = try context.cartAccess()
    let keyed = try context.keyedAsRequired()
    let condition = try context.precondition()
    var fields = try Fields(context.request)
    fields.require("expected_total", "payment")
    let expected = fields.money("expected_total")
    let sent = fields.object("payment") { payment in
      payment.require("provider", "token")
      let provider = payment.string("provider")
      let token = payment.string("token")
      guard let provider, let token else { return (String, String)?.none }
      return (provider, token)
    }
    var payment: PaymentRequest?
    if let sent {
      payment = try fields.check { () throws(Refusal) -> PaymentRequest in
        try PaymentRequest.checked(provider: sent.0, token: sent.1, providers: Set(flow.providers.keys))
      }
    }
    let (total, request) = try fields.finish(expected, payment)
    guard flow.offersAreRecent() else { throw Refusal.unavailable(retryAfter: 5) }
    let start = try await flow.store.begin(
      CheckoutCommand(
        access: access, if: condition, expected: total, payment: request, request: keyed, now: context.now),
      deadline: flow.time.opening(of: context.deadline))
    switch start {
    case .replay(let answer): return (Response(GivenAnswer(answer, isReplayed: true)), true)
    case .pay(let attempt, let prepared):
      let response = try await flow.pay(
        attempt, prepared: prepared, token: request.token, for: keyed, requestID: context.id, deadline: context.deadline)
      return (response, false)
    }
  }

  private func hold(_ context: RequestContext) async throws -> Response {
    let access = try context.cartAccess()
    let keyed = try context.keyed()
    let condition = try context.precondition()
    return Response(
      try await flow.store.hold(access, if: condition, keyed: keyed, context.moment) { allocation, expiresAt in
        KeptAnswer(status: 200, body: Self.body(access.cart, allocation, expiresAt))
      })
  }

  private static func body(_ cart: CartID, _ allocation: Allocation, _ expiresAt: Timestamp) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("cart_id")
    json.identifier(cart)
    json.key("expires_at")
    json.timestamp(expiresAt)
    json.key("holds")
    json.array(allocation.holds) { json, hold in
      json.beginObject()
      json.key("line_id")
      json.identifier(hold.line)
      json.key("variant_id")
      json.identifier(hold.variant)
      json.key("quantity")
      json.integer(hold.quantity)
      json.endObject()
    }
    json.endObject()
    return json.finish()
  }
}
