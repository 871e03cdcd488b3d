import Crypto
import Postgres
import Shop

/// Makes commands repeatable: the key's row is written in the transaction of the effect, so both are there or neither.
///
/// A command that refuses leaves no row behind, and is worked out anew when it is sent again. Most commands are one transaction
/// and take `answer`. Those that ask somebody else in between put `claim` into their first one and `finish` into their last:
/// in between the key is running, and may be taken over once `lockUntil` has passed.
package struct IdempotencyStore: Sendable {
  private let database: Database
  private let cipher: AESGCM
  /// How long an answer is kept.
  private let lifetime: Int64

  package init(_ database: Database, _ ring: KeyRing, lifetimeSeconds: Int64) {
    self.database = database
    cipher = AESGCM(ring, purpose: "stored answers")
    lifetime = lifetimeSeconds
  }

  // MARK: In one transaction

  /// Does `effect` once for each key, and gives the kept answer to whoever sends it again. Without a key it costs nothing.
  ///
  /// Refuses with `idempotency_mismatch` when the key was another request's, `idempotency_in_progress` while that one runs.
  /// - Parameters:
  ///   - keyed: nil where no key was sent.
  ///   - isSecret: the answer holds a secret, and is kept sealed.
  ///   - isPatient: waits for a connection until the deadline (`patientTransaction`).
  ///   - cart: the cart that the command changes: locked before the key.
  ///   - effect: may run again after a serialization failure. With `isLast` nothing follows: COMMIT goes with its last trip. Its
  ///     answer must be one that is kept (`IdempotencyDecision.keeps`).
  package func answer(
    _ keyed: KeyedRequest?, isSecret: Bool = false, isPatient: Bool = false, behind cart: CartAccess? = nil, _ moment: Moment,
    effect: (Transaction, _ isLast: Bool) async throws -> KeptAnswer
  ) async throws -> GivenAnswer {
    func once(_ transaction: Transaction) async throws -> GivenAnswer {
      guard let keyed else { return GivenAnswer(try await effect(transaction, true)) }
      guard try await transaction.run(claim(keyed, behind: cart, now: moment.now)).first != nil else {
        return GivenAnswer(try await kept(keyed, transaction, now: moment.now), isReplayed: true)
      }
      let answer = try await effect(transaction, false)
      try await transaction.commit(with: [try finish(keyed, answer, isSecret: isSecret)])
      return GivenAnswer(answer)
    }
    return isPatient
      ? try await database.patientTransaction(deadline: moment.deadline, once)
      : try await database.transaction(deadline: moment.deadline, groupedBy: cart?.cart.uuidBytes, once)
  }

  // MARK: Across transactions

  /// Gives a row when the key is ours: whether it is new, not taken over.
  func claim(_ keyed: KeyedRequest, behind cart: CartAccess? = nil, now: Timestamp) -> Query {
    let key: [Parameter] = [
      .text(keyed.principal), .text(keyed.key), .bytes(keyed.digest), .value(keyed.lockUntil),
      .value(expiry(of: now)),
    ]
    guard let cart else { return IdempotencyStatements.claim.bind(key) }
    return IdempotencyStatements.claimBehindCart.bind(key + cart.parameters)
  }

  /// The kept answer of a key that could not be claimed, or the refusal that says why there is none.
  func kept(_ keyed: KeyedRequest, _ transaction: Transaction, now: Timestamp) async throws -> KeptAnswer {
    let rows = try await transaction.run(IdempotencyStatements.read(.text(keyed.principal), .text(keyed.key)))
    // Purged between two statements.
    guard let row = rows.first, let known = try known(keyed, row, now: now) else {
      throw Refusal.idempotencyInProgress(retryAfter: 1)
    }
    return known
  }

  /// The kept answer of `row`; nil where the request that had the key was cut off.
  private func known(_ keyed: KeyedRequest, _ row: Row, now: Timestamp) throws -> KeptAnswer? {
    guard let state = IdempotencyRecord.State(rawValue: try row.string(1)) else { throw StoredJSON.Malformed(member: "state") }
    let record = IdempotencyRecord(
      requestDigest: try row.bytes(0), state: state, lockUntil: Timestamp(microseconds: try row.timestamp(2)))
    guard try IdempotencyDecision(for: record, requestDigest: keyed.digest, now: now) == .replay else { return nil }
    let body = try row.bytes(7)
    return KeptAnswer(
      status: try row.int(3), location: try row.optionalString(4), tag: try row.optionalString(5),
      contentType: try row.optionalString(6) ?? "application/json",
      body: try row.bool(8) ? try cipher.open(body, context: keyed.context) : body)
  }

  // MARK: Of several requests, each behind a lock that all users of its key take

  /// What is known of a key.
  enum Known {
    case new
    /// Its time is over: it must be forgotten before it is written down again.
    case stale
    /// Begun before and never finished.
    case cutOff
    case kept(KeptAnswer)

    /// It must be written down.
    var isNew: Bool {
      switch self {
      case .new, .stale: true
      case .cutOff, .kept: false
      }
    }
  }

  func lookUp(_ requests: [KeyedRequest]) -> Query {
    IdempotencyStatements.readAll(
      .texts(requests.map(\.principal)), .texts(requests.map(\.key)), .int64s(requests.indices.map(Int64.init)))
  }

  /// What `lookUp` has found for the request at `place`; refuses as `answer` does.
  func known(_ keyed: KeyedRequest, at place: Int, _ rows: Rows, now: Timestamp) throws -> Known {
    guard let row = try rows.first(where: { try $0.int64(9) == Int64(place) }) else { return .new }
    guard try !row.bool(10) else { return .stale }
    // By the database's clock, as `claim`.
    let lockUntil = try row.timestamp(2)
    let now = try Timestamp(microseconds: row.bool(11) ? max(now.microseconds, lockUntil) : min(now.microseconds, lockUntil - 1))
    return try known(keyed, row, now: now).map { .kept($0) } ?? .cutOff
  }

  func forget(_ keyed: KeyedRequest) -> Query { IdempotencyStatements.forget(.text(keyed.principal), .text(keyed.key)) }

  /// When what is written down at `now` is forgotten.
  func expiry(of now: Timestamp) -> Timestamp { now.adding(seconds: lifetime) }

  func finish(_ keyed: KeyedRequest, _ answer: KeptAnswer, isSecret: Bool = false) throws -> Query {
    let body = isSecret ? try cipher.seal(answer.body, context: keyed.context) : answer.body
    return IdempotencyStatements.finish.bind(
      [.text(keyed.principal), .text(keyed.key)] + Self.outcome(answer, body: body, isSealed: isSecret))
  }

  /// As `finish`, for whoever ends a payment: the key is the one that the payment was begun with, if it still runs.
  static func finish(_ payment: PaymentID, of cart: CartID, _ answer: KeptAnswer) -> Query {
    IdempotencyStatements.finishOfPayment.bind(
      [.value(payment), .value(cart)] + outcome(answer, body: answer.body, isSealed: false))
  }

  /// Lets a retry go on at once with a payment that was begun under a key: half an answer was given.
  static func yield(_ payment: PaymentID) -> Query { IdempotencyStatements.yieldOfPayment(.value(payment)) }

  static func outcome(_ answer: KeptAnswer, body: [UInt8], isSealed: Bool) -> [Parameter] {
    [
      .int16(Int16(clamping: answer.status)), .value(answer.location), .value(answer.tag), .text(answer.contentType),
      .bytes(body), .bool(isSealed),
    ]
  }

  // MARK: The worker's part

  /// Forgets up to `limit` keys whose time is over; how many they were.
  package func purge(limit: Int, deadline: Deadline) async throws -> Int {
    try await database.query(IdempotencyStatements.purge(.int32(Int32(clamping: limit))), deadline: deadline).affected
  }
}

extension Transaction {
  /// One more trip, which takes COMMIT along where nothing follows. What it sends must raise where it refuses.
  @discardableResult
  func run(_ queries: [Query], isLast: Bool) async throws(PostgresError) -> [Rows] {
    isLast ? try await commit(with: queries) : try await run(queries)
  }
}
