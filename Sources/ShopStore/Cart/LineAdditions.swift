import Postgres
import Shop

/// So many of a variant for a cart.
struct LineAddition: Sendable {
  let access: CartAccess
  let condition: VersionCondition
  /// Its id, where the cart has no line of the variant yet.
  let line: LineID
  let variant: VariantID
  let quantity: Int64
}

/// Puts variants in carts, which is what shoppers change most: those that come at once go in one trip, by one statement.
struct LineAdditions: Sendable {
  /// A cart as it is then, and its lines.
  typealias Added = (cart: Row, lines: [Row])
  typealias Answer = Result<Added?, any Error>

  private let gathering: Gathering<(addition: LineAddition, moment: Moment), Answer>
  private let database: Database
  private let lifetime: CartLifetime

  init(_ database: Database, _ lifetime: CartLifetime) {
    self.database = database
    self.lifetime = lifetime
    gathering = database.gathering("cart_add_lines") { await Self.together($0, database, lifetime) }
  }

  /// Nil where nothing was changed.
  func add(_ addition: LineAddition, _ moment: Moment) async throws -> Added? {
    try await gathering.perform((addition, moment), deadline: moment.deadline) {
      do {
        return .success(try await Self.add([addition], database, lifetime, moment)[addition.access.cart])
      } catch {
        return .failure(error)
      }
    }.get()
  }

  func query(_ additions: [LineAddition], now: Timestamp) -> Query { Self.query(additions, lifetime, now: now) }

  private static func together(
    _ members: [(addition: LineAddition, moment: Moment)], _ database: Database, _ lifetime: CartLifetime
  ) async -> [Answer?] {
    // One of each cart, in one order everywhere, so that two groups do not wait for each other; a second one goes alone.
    var places: [CartID: Int] = [:]
    for (place, member) in members.enumerated() where places[member.addition.access.cart] == nil {
      places[member.addition.access.cart] = place
    }
    let chosen = places.sorted { $0.key < $1.key }.map { members[$0.value].addition }
    let deadline = members.dropFirst().reduce(members[0].moment.deadline) { min($0, $1.moment.deadline) }
    var answers = [Answer?](repeating: nil, count: members.count)
    do {
      let added = try await add(chosen, database, lifetime, Moment(now: members[0].moment.now, deadline: deadline))
      for (cart, place) in places { answers[place] = .success(added[cart]) }
    } catch PostgresError.commitUnknown {
      for place in places.values { answers[place] = .failure(PostgresError.commitUnknown) }
    } catch {
      if members.count == 1 { return [.failure(error)] }
    }
    return answers
  }

  private static func add(
    _ additions: [LineAddition], _ database: Database, _ lifetime: CartLifetime, _ moment: Moment
  ) async throws -> [CartID: Added] {
    let ids = Parameter.uuids(additions.map(\.access.cart.uuidBytes))
    // Patiently: a group that breaks up comes to the pool all at once.
    let rows = try await database.patientTransaction(deadline: moment.deadline) { transaction in
      try await transaction.commit(
        with: [query(additions, lifetime, now: moment.now), CartStatements.linesOfMany(ids)],
        waitingForLocks: additions.count == 1)
    }
    var lines: [CartID: [Row]] = [:]
    for row in rows[1] { lines[CartID(try row.uuid(14)), default: []].append(row) }
    var added: [CartID: Added] = [:]
    for row in rows[0] {
      let cart = CartID(try row.uuid(0))
      added[cart] = (row, lines[cart] ?? [])
    }
    return added
  }

  private static func query(_ additions: [LineAddition], _ lifetime: CartLifetime, now: Timestamp) -> Query {
    CartStatements.addLines.bind(
      [
        .uuids(additions.map(\.access.cart.uuidBytes)), .byteStrings(additions.map(\.access.tokenDigest)),
        .optionalTexts(additions.map(\.condition.arrayText)), .uuids(additions.map(\.line.uuidBytes)),
        .uuids(additions.map(\.variant.uuidBytes)), .int32s(additions.map { Int32(clamping: $0.quantity) }),
      ] + lifetime.renewal(at: now))
  }
}

extension VersionCondition {
  /// The versions that will do, in PostgreSQL's text form of an array; nil for any.
  fileprivate var arrayText: String? {
    switch self {
    case .any: nil
    case .oneOf(let versions): "{\(versions.map(String.init).joined(separator: ","))}"
    }
  }
}
