import Reactor

/// One transaction on an exclusive connection, READ COMMITTED.
///
/// `BEGIN` travels with the first trip and `COMMIT` with the last, so that loads and then writes take two trips in all. One that is
/// a single trip needs neither: what goes out before a sync is one transaction anyway (PostgreSQL, "Pipelining" in its protocol).
/// After a failure every further trip throws it again; the transaction is rolled back when the body ends.
package final class Transaction {
  private enum State {
    case fresh
    case begun
    case committed
  }

  private let lane: WorkLane
  private let tracer: TripTracer?
  private let deadline: Instant
  private let statementTimeout: Duration?
  /// Where it may travel with others, if it turns out to be a single trip.
  private let group: (commit: GroupCommit, order: UUIDBytes)?
  /// Lent by the lane from the first trip on.
  private(set) var connection: Connection?
  private var state = State.fresh
  /// The first failure; nothing more can come of the transaction.
  private(set) var failure: PostgresError?

  private static let limit = Statement(
    "set_statement_timeout", "SELECT set_config('statement_timeout', $1, true)", prepared: true, isControl: true)

  /// Of this transaction.
  static let shortLocks = Statement(
    "set_short_lock_timeout", "SELECT set_config('lock_timeout', '50ms', true)", prepared: true, isControl: true)

  init(
    _ lane: WorkLane, _ tracer: TripTracer?, deadline: Instant, statementTimeout: Duration?,
    group: (commit: GroupCommit, order: UUIDBytes)? = nil
  ) {
    self.lane = lane
    self.tracer = tracer
    self.group = group
    self.deadline = deadline
    self.statementTimeout = statementTimeout
  }

  /// Sends `queries` in one trip and gives their results in order.
  @discardableResult
  package func run(_ queries: [Query]) async throws(PostgresError) -> [Rows] {
    if let failure { throw failure }
    guard state != .committed else { throw .closed }
    let opening = opening
    state = .begun
    return Array(try await send(opening + queries).dropFirst(opening.count))
  }

  @discardableResult
  package func run(_ query: Query) async throws(PostgresError) -> Rows { try await run([query])[0] }

  /// Sends the last writes together with `COMMIT`. Every refusal among them must raise: zero changed rows are no error, and
  /// COMMIT would keep half an effect. Where the count decides, check it after `run` and commit then.
  ///
  /// Throws `.commitUnknown` when the answer to COMMIT does not come.
  /// - Parameter waitingForLocks: false where others wait for all of this: then a lock that is not to be had soon is a refusal.
  @discardableResult
  package func commit(
    with queries: [Query] = [], waitingForLocks: Bool = true
  ) async throws(PostgresError) -> [Rows] {
    guard waitingForLocks else { return Array(try await commit(with: [Query(Self.shortLocks)] + queries).dropFirst()) }
    if let failure { throw failure }
    guard state != .committed else { throw .closed }
    if state == .fresh && queries.isEmpty {
      state = .committed
      return []
    }
    let isWhole = state == .fresh && statementTimeout == nil
    guard isWhole, let group else { return try await commit(queries, isWhole: isWhole) }
    let member = GroupCommit.Member(queries: queries, order: group.order, deadline: deadline)
    let trip = tracer?.trip(of: queries)
    let result = await group.commit.commit(member) { () async -> Result<[Rows], PostgresError> in
      do throws(PostgresError) {
        return .success(try await commit(queries, isWhole: true))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let rows):
      trip?.end()
      state = .committed
      return rows
    case .failure(let error):
      trip?.end(error)
      failure = error
      throw error
    }
  }

  private func commit(_ queries: [Query], isWhole: Bool) async throws(PostgresError) -> [Rows] {
    let opening = isWhole ? [] : opening
    state = .begun
    let rows: [Rows]
    do {
      rows = try await send(opening + queries + (isWhole ? [] : [Query(Statement.commit)]))
    } catch {
      switch error {
      case .timeout, .connectionLost(sent: true):
        failure = .commitUnknown
        throw .commitUnknown
      default: throw error
      }
    }
    // COMMIT of a failed transaction is answered by ROLLBACK, without an error.
    guard isWhole || rows.last?.command == "COMMIT" else {
      let refusal = PostgresError.server(ServerError(sqlState: "25P02", message: "COMMIT was answered by ROLLBACK"))
      failure = refusal
      throw refusal
    }
    state = .committed
    return isWhole ? rows : Array(rows.dropFirst(opening.count).dropLast())
  }

  private var opening: [Query] {
    guard case .fresh = state else { return [] }
    guard let statementTimeout else { return [Query(Statement.begin)] }
    return [Query(Statement.begin), Self.limit(.text("\(statementTimeout.milliseconds)"))]
  }

  private func send(_ queries: [Query]) async throws(PostgresError) -> [Rows] {
    let connection = try await borrowed()
    let trip = tracer?.trip(of: queries)
    switch await connection.run(queries, deadline: deadline) {
    case .success(let rows):
      trip?.end()
      return rows
    case .failure(let error):
      trip?.end(error)
      failure = error
      throw error
    }
  }

  private func borrowed() async throws(PostgresError) -> Connection {
    if let connection { return connection }
    do {
      let connection = try await lane.acquire(deadline: deadline)
      self.connection = connection
      return connection
    } catch {
      failure = error
      throw error
    }
  }

  // MARK: For the database

  var isCommitted: Bool { state == .committed }

  /// The body may run again: the server has certainly kept nothing of this try, and another may fare better.
  var mayBeRetried: Bool {
    switch failure {
    // COMMIT cannot have been sent: its loss is `.commitUnknown`.
    case .connectionLost: true
    case .server(let error):
      error.isSerializationFailure || ["0A000", "26000", "25006"].contains(error.sqlState) || error.isFatal
    default: false
    }
  }

  /// The session belongs to a server that has become read-only, as after a failover.
  var needsAnotherServer: Bool { failure?.isOfReadOnlyServer ?? false }
}
