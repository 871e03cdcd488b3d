import Postgres
import Shop

/// The first transaction of checkouts: locks the carts, decides, makes the holds as `paying` and writes payments and operations down.
/// Two trips for any number of carts.
struct CheckoutOpening: Sendable {
  let database: Database
  let idempotency: IdempotencyStore
  let ids: IdentifierSource
  let rates: RateCache

  typealias Result = Swift.Result<CheckoutStart, any Error>

  func alone(_ command: CheckoutCommand, deadline: Deadline) async -> Result {
    do {
      return try await open(command, deadline: deadline)
    } catch let error as PostgresError where error.constraint == "idempotency_key_pkey" {
      // A request to another resource that the same token opens has the same key. Now it is there to be read.
      do {
        return try await open(command, deadline: deadline)
      } catch {
        return .failure(error)
      }
    } catch {
      return .failure(error)
    }
  }

  private func open(_ command: CheckoutCommand, deadline: Deadline) async throws -> Result {
    try await open([command], deadline: deadline)[0]
  }

  /// All or none of those that go on are written down; nil for what must be tried by itself.
  func together(_ commands: [(command: CheckoutCommand, deadline: Deadline)]) async -> [Result?] {
    guard commands.count > 1 else { return [await alone(commands[0].command, deadline: commands[0].deadline)] }
    let deadline = commands.dropFirst().reduce(commands[0].deadline) { min($0, $1.deadline) }
    // One of each cart: a second one, of whoever knows its id, is decided on what the first has left.
    var carts: Set<CartID> = []
    let places = commands.indices.filter { carts.insert(commands[$0].command.access.cart).inserted }
    var results = [Result?](repeating: nil, count: commands.count)
    do {
      let opened = try await open(places.map { commands[$0].command }, deadline: deadline)
      for (place, result) in zip(places, opened) { results[place] = result }
    } catch PostgresError.commitUnknown {
      for place in places { results[place] = .failure(PostgresError.commitUnknown) }
    } catch {}
    return results
  }

  /// A checkout that goes on.
  private struct Opened {
    let place: Int
    let attempt: PaymentAttempt
    let plan: CheckoutPlan
    let snapshot: CheckoutSnapshot
    let holds: HoldChange
    let command: CheckoutCommand
    let isKeyNew: Bool
  }

  /// Of different carts.
  private func open(_ commands: [CheckoutCommand], deadline: Deadline) async throws -> [Result] {
    let table = try await rates.table(deadline: deadline)
    return try await database.patientTransaction(deadline: deadline) { transaction in
      // The carts before the keys, here and wherever else a key is a cart's: so what is found of a key stays true.
      let loaded = try await transaction.run(
        CheckoutLoad.queries(commands.map(\.access)) + [idempotency.lookUp(commands.map(\.request))])
      var load = try CheckoutLoad(loaded)
      // A checkout whose payment is not given back was not written down.
      var results = [Result](repeating: .failure(StoredJSON.Malformed(member: "payment")), count: commands.count)
      var opened: [Opened] = []
      var writes: [Query] = []
      for (place, command) in commands.enumerated() {
        do {
          let (cart, lines) = try load.cart(command.access.cart)
          let key = try idempotency.known(command.request, at: place, loaded[4], now: command.now)
          if case .kept(let answer) = key {
            results[place] = .success(.replay(answer))
            continue
          }
          if let attempt = try await standing(cart, command, transaction) {
            results[place] = .success(.pay(attempt, nil))
            writes.append(idempotency.claim(command.request, now: command.now))
            continue
          }
          let one = try decide(command, at: place, cart, lines, load, table, isKeyNew: key.isNew)
          load.reserve(one.plan.allocation)
          opened.append(one)
          switch key {
          case .stale: writes.append(idempotency.forget(command.request))
          case .cutOff: writes.append(idempotency.claim(command.request, now: command.now))
          case .new, .kept: break
          }
        } catch let refusal as Refusal {
          results[place] = .failure(refusal)
        }
      }
      guard !opened.isEmpty else {
        if !writes.isEmpty { try await transaction.commit(with: writes) }
        return results
      }
      let rest = self.writes(opened)
      let place = writes.count + rest.payments
      for row in try await transaction.commit(with: writes + rest.queries)[place] {
        let payment = PaymentID(try row.uuid(0))
        guard let one = opened.first(where: { $0.attempt.payment == payment }) else { continue }
        results[one.place] = .success(
          .pay(
            one.attempt,
            PreparedOrder(snapshot: one.snapshot, number: try row.int64(2), paymentCreatedAt: try row.storedTimestamp(1))))
      }
      return results
    }
  }

  /// The payment that an earlier try of this very request has begun. Refuses a cart that another is completing or has completed.
  private func standing(
    _ cart: Cart, _ command: CheckoutCommand, _ transaction: Transaction
  ) async throws -> PaymentAttempt? {
    switch cart.status {
    case .completing:
      let row = try await transaction.run(PaymentStatements.pendingOfCart(.value(cart.id))).first
      guard let row, try row.optionalString(9) == command.request.principal,
        try row.optionalString(10) == command.request.key
      else { throw Refusal.checkoutInProgress(retryAfter: 2) }
      return try PaymentRows.attempt(row)
    case .ordered:
      let order = try await transaction.run(CheckoutStatements.orderOfCart(.value(cart.id))).first?.uuid(0)
      throw Refusal.cartClosed(order: order.map { OrderID($0) })
    default: return nil
    }
  }

  private func decide(
    _ command: CheckoutCommand, at place: Int, _ cart: Cart, _ lines: [OfferedLine], _ load: CheckoutLoad, _ table: RateTable,
    isKeyNew: Bool
  ) throws -> Opened {
    try command.condition.check(cart.version)
    let own = load.holds(of: cart.id)
    let plan = try Checkout.decide(
      CheckoutState(
        cart: cart, lines: lines, tax: table.tax(of: cart), shippingOptions: table.shippingOptions(for: cart, lines: lines),
        levels: load.levels(for: lines), holds: own),
      expected: command.expected, now: command.now)
    let attempt = PaymentAttempt(
      payment: ids.next(), cart: cart.id, operation: plan.needsPayment ? ids.next() : nil, provider: command.payment.provider,
      amount: plan.total, startedAt: command.now)
    return Opened(
      place: place, attempt: attempt, plan: plan, snapshot: CheckoutSnapshot(plan, of: cart),
      holds: HoldChange(cart: cart.id, own: own, allocation: plan.allocation), command: command, isKeyNew: isKeyNew)
  }

  /// What writes checkouts down, and which of the statements gives the payments.
  private func writes(_ opened: [Opened]) -> (queries: [Query], payments: Int) {
    var queries = opened.map(\.holds).writes(expiresAt: nil, ids: ids)
    queries.append(CheckoutStatements.complete(.uuids(opened.map(\.attempt.cart.uuidBytes))))
    let payments = queries.count
    queries.append(insertPayments(opened))
    // Last, since a popular code is locked by everybody: until COMMIT, which is in the same trip. All in one order, as everywhere.
    let codes = opened.flatMap { $0.plan.priced.discounts.map(\.id) }
    if codes.count > 1 { queries.append(DiscountStatements.lockAll(.uuids(codes.map(\.uuidBytes)))) }
    for one in opened where !one.plan.priced.discounts.isEmpty {
      let discounts = one.plan.priced.discounts
      queries.append(
        DiscountStatements.redeem(
          .value(one.attempt.cart), .value(one.attempt.payment), .text(one.plan.email.text), .value(one.plan.total.currency),
          .uuids(discounts.map(\.id.uuidBytes)), .int64s(discounts.map(\.amount))))
    }
    return (queries, payments)
  }

  private func insertPayments(_ opened: [Opened]) -> Query {
    let attempts = opened.map(\.attempt)
    let requests = opened.map(\.command.request)
    return CheckoutStatements.insertPayments(
      .uuids(attempts.map(\.payment.uuidBytes)), .uuids(attempts.map(\.cart.uuidBytes)), .texts(attempts.map(\.provider)),
      .texts(attempts.map(\.amount.currency.code)), .int64s(attempts.map(\.amount.amount)),
      .byteStrings(opened.map(\.snapshot.json)), .texts(requests.map(\.principal)), .texts(requests.map(\.key)),
      .timestamps(requests.map(\.lockUntil.microseconds)), .uuids(attempts.map { ($0.operation ?? ids.next()).uuidBytes }),
      .byteStrings(requests.map(\.digest)), .bools(opened.map(\.isKeyNew)), .value(idempotency.expiry(of: opened[0].command.now)))
  }
}
