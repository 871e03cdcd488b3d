import Postgres
import Shop

extension CheckoutStore {
  /// Holds every line of an active cart for `HoldState.lifetimeSeconds`, anew where it holds them already.
  ///
  /// Refuses with `outOfStock`, `cartEmpty`, `cartClosed`, and `stale` where the condition does not hold.
  /// - Parameter render: makes the answer of the holds and when they end.
  package func hold(
    _ access: CartAccess, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: (Allocation, Timestamp) -> KeptAnswer
  ) async throws -> GivenAnswer {
    do {
      return try await holdOnce(access, if: condition, keyed: keyed, moment, render: render)
    } catch Refusal.outOfStock(let shortages) {
      guard try await expiry.expire(of: shortages.map(\.variant), deadline: moment.deadline) > 0 else {
        throw Refusal.outOfStock(shortages)
      }
      return try await holdOnce(access, if: condition, keyed: keyed, moment, render: render)
    }
  }

  private func holdOnce(
    _ access: CartAccess, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: (Allocation, Timestamp) -> KeptAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, isPatient: true, behind: access, moment) { transaction, isLast in
      let id = Parameter.value(access.cart)
      let loaded = try await transaction.run([
        CheckoutStatements.lockCart.bind(access.parameters), CheckoutStatements.lines(id), CheckoutStatements.lockStock(id),
        HoldStatements.liveOfCart(id),
      ])
      guard let row = loaded[0].first else { throw Refusal.notFound }
      let lines = try CheckoutRows.lines(loaded[1])
      let cart = try CheckoutRows.cart(row, lines: lines.map(\.line), discounts: [])
      try cart.checkOpen(at: moment.now)
      try condition.check(cart.version)
      let own = try CheckoutRows.holds(loaded[3])
      let allocation = try Checkout.hold(lines, levels: try CheckoutRows.levels(loaded[2]), own: own)
      let expiresAt = moment.now.adding(seconds: HoldState.lifetimeSeconds)
      try await transaction.run(
        holdWrites(allocation, of: access.cart, own: own, expiresAt: expiresAt), isLast: isLast)
      return render(allocation, expiresAt)
    }
  }
}
