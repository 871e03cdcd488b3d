import Postgres
import Shop

extension CartStore {
  /// The discount of a code that counts in this cart now, which is locked and read again for it. Refuses with `invalid` any other.
  func discount(
    of code: DiscountCode, for access: CartAccess, if condition: VersionCondition, _ table: RateTable, _ moment: Moment,
    _ transaction: Transaction
  ) async throws -> DiscountID {
    let rows = try await transaction.run([
      CartStatements.lock.bind(access.parameters), access.reads[1],
      DiscountStatements.candidate.bind(access.parameters + [.text(code.text)]),
    ])
    let snapshot = try Self.snapshot(rows[0].first, Array(rows[1]), table, now: moment.now)
    try snapshot.cart.checkOpen(at: moment.now)
    try condition.check(snapshot.cart.version)
    let found = try rows[2].first.flatMap { try $0.storedJSON(0) }.map { try CartDiscountRows.discount($0) }
    return try snapshot.cart.decideDiscount(found, subtotals: try snapshot.subtotals(), now: moment.now)
  }
}
