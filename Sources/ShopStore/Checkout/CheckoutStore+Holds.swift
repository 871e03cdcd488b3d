import Postgres
import Shop

extension CheckoutStore {
  /// Holds every line of an active cart for `HoldState.lifetimeSeconds`, anew where it holds them already; gives when they end.
  package func hold(_ cart: CartID, token: [UInt8], now: Timestamp, deadline: Deadline) async throws -> (Allocation, Timestamp) {
    do {
      return try await holdOnce(cart, token: token, now: now, deadline: deadline)
    } catch Refusal.outOfStock {
      try await expireHolds(limit: 200, deadline: deadline)
      return try await holdOnce(cart, token: token, now: now, deadline: deadline)
    }
  }

  private func holdOnce(
    _ cart: CartID, token: [UInt8], now: Timestamp, deadline: Deadline
  ) async throws -> (Allocation, Timestamp) {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let id = Parameter.value(cart)
      let loaded = try await transaction.run([
        CheckoutStatements.lockCart(id, .bytes(token)), CheckoutStatements.lines(id), CheckoutStatements.lockStock(id),
        CheckoutStatements.holds(id),
      ])
      guard let row = loaded[0].first else { throw Refusal.notFound }
      let lines = try CheckoutRows.lines(loaded[1]).map(\.line)
      try CheckoutRows.cart(row, lines: lines).checkOpen(at: now)
      guard !lines.isEmpty else { throw Refusal.cartEmpty }
      let own = try CheckoutRows.holds(loaded[3])
      let allocation = try Allocation.allocate(lines, levels: try CheckoutRows.levels(loaded[2]), own: own)
      let expiresAt = now.adding(seconds: HoldState.lifetimeSeconds)
      try await transaction.commit(
        with: holdWrites(allocation, of: cart, replacing: !own.isEmpty, expiresAt: expiresAt))
      return (allocation, expiresAt)
    }
  }
}
