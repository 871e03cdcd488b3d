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
      let load = try CheckoutLoad(try await transaction.run(CheckoutLoad.queries([access])))
      let (cart, lines) = try load.cart(access.cart)
      try cart.checkOpen(at: moment.now)
      try condition.check(cart.version)
      let own = load.holds(of: cart.id)
      let allocation = try Checkout.hold(lines, levels: load.levels(for: lines), own: own)
      let expiresAt = moment.now.adding(seconds: HoldState.lifetimeSeconds)
      let change = HoldChange(cart: cart.id, own: own, allocation: allocation)
      try await transaction.run([change].writes(expiresAt: expiresAt, ids: ids), isLast: isLast)
      return render(allocation, expiresAt)
    }
  }
}
