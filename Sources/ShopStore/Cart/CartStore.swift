import Crypto
import Postgres
import Shop

/// Guest carts: one transaction a command, one round trip where no key is sent.
package struct CartStore: Sendable {
  let database: Database
  private let identifiers: IdentifierSource
  private let idempotency: IdempotencyStore
  private let rates: RateCache
  private let lifetime: CartLifetime
  private let additions: LineAdditions

  package init(
    _ database: Database, identifiers: IdentifierSource, idempotency: IdempotencyStore, rates: RateCache, lifetimeSeconds: Int64
  ) {
    self.database = database
    self.identifiers = identifiers
    self.idempotency = idempotency
    self.rates = rates
    lifetime = CartLifetime(seconds: lifetimeSeconds)
    additions = LineAdditions(database, lifetime)
  }

  // MARK: Reading

  /// Refuses with `notFound` a cart that is unknown or that the token does not open.
  package func cart(_ access: CartAccess, _ moment: Moment) async throws -> CartSnapshot {
    let table = try await rates.table(deadline: moment.deadline)
    let rows = try await database.read(access.reads, deadline: moment.deadline)
    return try Self.snapshot(rows[0].first, Array(rows[1]), table, now: moment.now)
  }

  /// The cart with exact counts of what could be ordered; what the cart itself holds counts as there.
  package func quotable(_ access: CartAccess, _ moment: Moment) async throws -> CartSnapshot {
    let table = try await rates.table(deadline: moment.deadline)
    let queries = access.reads + [CartStatements.available(.value(access.cart)), CartStatements.held(.value(access.cart))]
    let rows = try await database.read(queries, deadline: moment.deadline)
    let available = try CartRows.counts(rows[2]).merging(try CartRows.counts(rows[3])) { $0 + $1 }
    let snapshot = try Self.snapshot(rows[0].first, Array(rows[1]), table, now: moment.now, available: available)
    try snapshot.cart.checkOpen(at: moment.now)
    return snapshot
  }

  static func snapshot(
    _ row: Row?, _ lines: [Row], _ table: RateTable, now: Timestamp, available: [VariantID: Int64]? = nil
  ) throws -> CartSnapshot {
    guard let row else { throw Refusal.notFound }
    let offered = try CartRows.lines(lines, available: available)
    let discounts = try CartRows.discounts(lines)
    let cart = try CartRows.cart(row, lines: offered.map(\.line), discounts: discounts, now: now)
    return CartSnapshot(
      cart: cart, lines: offered, tax: table.tax(of: cart), shippingOptions: table.shippingOptions(for: cart, lines: offered),
      now: now)
  }

  // MARK: Making

  /// A new cart with its token, which is told this once. The answer holds it, and is sealed where it is kept.
  package func create(
    currency: Currency, country: Country?, keyed: KeyedRequest?, _ moment: Moment,
    render: (CartSnapshot, _ token: String) throws -> KeptAnswer
  ) async throws -> GivenAnswer {
    let table = try await rates.table(deadline: moment.deadline)
    let token = CartToken.fresh()
    let access = CartAccess(cart: identifiers.next(), token: token)
    let insert = CartStatements.insert(
      .value(access.cart), .bytes(access.tokenDigest), .value(currency), country.map { .text($0.code) } ?? .null,
      .value(lifetime.end(from: moment.now)))
    return try await idempotency.answer(keyed, isSecret: true, moment) { transaction, isLast in
      let rows = try await transaction.run([insert], isLast: isLast)
      return try render(try Self.snapshot(rows[0].first, [], table, now: moment.now), token)
    }
  }

  // MARK: Changing

  /// Does `command` and tells what the cart is then. Refuses with `stale` where the condition does not hold.
  package func change(
    _ access: CartAccess, _ command: CartCommand, if condition: VersionCondition, keyed: KeyedRequest?,
    _ moment: Moment, render: (CartSnapshot) throws -> KeptAnswer
  ) async throws -> GivenAnswer {
    let table = try await rates.table(deadline: moment.deadline)
    do {
      if keyed == nil, case .addLine(let variant, let quantity) = command {
        let addition = addition(of: variant, quantity, to: access, if: condition)
        guard let added = try await additions.add(addition, moment) else { throw Unchanged() }
        return GivenAnswer(try render(try Self.snapshot(added.cart, added.lines, table, now: moment.now)))
      }
      return try await idempotency.answer(keyed, behind: access, moment) { transaction, isLast in
        let query = try await query(command, access, condition, table, moment, transaction)
        // One statement writes all or nothing, so COMMIT may travel with it: where it changed nothing, there is nothing to keep.
        let rows = try await transaction.run([query, access.reads[1]], isLast: isLast)
        guard !rows[0].isEmpty else { throw Unchanged() }
        return try render(try Self.snapshot(rows[0].first, Array(rows[1]), table, now: moment.now))
      }
    } catch is Unchanged {
      throw try await reason(try await cart(access, moment).cart, command, condition, moment)
    }
  }

  private struct Unchanged: Error {}

  private func check(
    _ method: String, _ access: CartAccess, _ table: RateTable, _ moment: Moment, _ transaction: Transaction
  ) async throws {
    let rows = try await transaction.run([CartStatements.lock.bind(access.parameters), access.reads[1]])
    let snapshot = try Self.snapshot(rows[0].first, Array(rows[1]), table, now: moment.now)
    try snapshot.cart.checkOpen(at: moment.now)
    guard snapshot.shippingOptions.contains(where: { $0.id == method }) else {
      let isNowhere = snapshot.cart.destination == nil
      throw Refusal.invalid(
        "/id", isNowhere ? .conflicting : .notAllowed,
        isNowhere ? "The cart needs a country first." : "This cart cannot be sent in this way.")
    }
  }

  /// Why a change found nothing to change.
  private func reason(
    _ cart: Cart, _ command: CartCommand, _ condition: VersionCondition, _ moment: Moment
  ) async throws -> any Error {
    do {
      try cart.checkOpen(at: moment.now)
      try condition.check(cart.version)
      switch command {
      case .addLine(let variant, let quantity):
        let rows = try await database.read(
          CartStatements.offer(.value(variant), .value(cart.currency)), deadline: moment.deadline)
        let offer = try rows.first.flatMap { try CartRows.offer($0, of: variant, in: cart.currency) }
        _ = try cart.decideAddition(of: variant, quantity: quantity, offer: offer, now: moment.now)
      case .setLine(let line, let quantity): _ = try cart.decideChange(of: line, quantity: quantity, now: moment.now)
      case .removeLine(let line): _ = try cart.decideChange(of: line, quantity: 0, now: moment.now)
      case .removeDiscount(let code): guard cart.discounts.contains(where: { $0.code == code }) else { throw Refusal.notFound }
      case .email, .shippingAddress, .billingAddress, .shippingMethod, .addDiscount: break
      }
    } catch {
      return error
    }
    // Whatever stood in the way has gone meanwhile.
    return Refusal.unavailable(retryAfter: 1)
  }

  private func addition(
    of variant: VariantID, _ quantity: Int64, to access: CartAccess, if condition: VersionCondition
  ) -> LineAddition {
    LineAddition(access: access, condition: condition, line: identifiers.next(), variant: variant, quantity: quantity)
  }

  /// The statement of a command; where it must be checked against what the cart has, that comes first.
  private func query(
    _ command: CartCommand, _ access: CartAccess, _ condition: VersionCondition, _ table: RateTable, _ moment: Moment,
    _ transaction: Transaction
  ) async throws -> Query {
    let common: [Parameter] = access.parameters + [condition.parameter] + lifetime.renewal(at: moment.now)
    switch command {
    case .addLine(let variant, let quantity):
      return additions.query([addition(of: variant, quantity, to: access, if: condition)], now: moment.now)
    case .setLine(let line, 0), .removeLine(let line): return CartStatements.removeLine.bind(common + [.value(line)])
    case .setLine(let line, let quantity):
      return CartStatements.setLine.bind(common + [.value(line), .int32(Int32(clamping: quantity))])
    case .email(let email): return CartStatements.setEmail.bind(common + [.text(email.text)])
    case .shippingAddress(let address): return CartStatements.setShippingAddress.bind(common + [.jsonBytes(address.stored)])
    case .billingAddress(let address): return CartStatements.setBillingAddress.bind(common + [.jsonBytes(address.stored)])
    case .shippingMethod(let method):
      try await check(method, access, table, moment, transaction)
      return CartStatements.setShippingMethod.bind(common + [.text(method)])
    case .addDiscount(let code):
      let discount = try await discount(of: code, for: access, if: condition, table, moment, transaction)
      return CartStatements.addDiscount.bind(common + [.value(discount)])
    case .removeDiscount(let code): return CartStatements.removeDiscount.bind(common + [.text(code.text)])
    }
  }

  // MARK: Ending

  /// Throws the cart away: its holds go back to stock, whoever it was is forgotten, and the token opens nothing from then on.
  package func discard(
    _ access: CartAccess, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, behind: access, moment) { transaction, isLast in
      let rows = try await transaction.run([
        CartStatements.lock.bind(access.parameters), HoldStatements.lockStockOfCart(.value(access.cart)),
      ])
      guard let row = rows[0].first else { throw Refusal.notFound }
      let cart = try CartRows.cart(row, lines: [], discounts: [], now: moment.now)
      // An expired cart may be thrown away, too.
      if cart.status != .expired { try cart.checkOpen(at: moment.now) }
      try condition.check(cart.version)
      try await transaction.run(
        [
          HoldStatements.releaseOfCart(.value(access.cart)), CartStatements.deleteLines(.value(access.cart)),
          CartStatements.discard(.value(access.cart), .bytes(SecureRandom.bytes(32))),
        ], isLast: isLast)
      return KeptAnswer(status: 204)
    }
  }
}

extension VersionCondition {
  /// The versions that will do, as an array; NULL for any.
  fileprivate var parameter: Parameter {
    switch self {
    case .any: .null
    case .oneOf(let versions): .int64s(versions)
    }
  }
}

extension CartAccess {
  var parameters: [Parameter] { [.value(cart), .bytes(tokenDigest)] }

  /// The cart and its lines.
  var reads: [Query] { [CartStatements.open.bind(parameters), CartStatements.lines.bind(parameters)] }
}
