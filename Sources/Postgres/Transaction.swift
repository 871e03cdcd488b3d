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

  private let connection: Connection
  private let tracer: TripTracer?
  private let deadline: Instant
  private let statementTimeout: Duration?
  private var state = State.fresh
  /// The first failure; nothing more can come of the transaction.
  private(set) var failure: PostgresError?

  private static let limit = Statement(
    "set_statement_timeout", "SELECT set_config('statement_timeout', $1, true)", prepared: true, isControl: true)

  init(_ connection: Connection, _ tracer: TripTracer?, deadline: Instant, statementTimeout: Duration?) {
    self.connection = connection
    self.tracer = tracer
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
  @discardableResult
  package func commit(with queries: [Query] = []) async throws(PostgresError) -> [Rows] {
    if let failure { throw failure }
    guard state != .committed else { throw .closed }
    if state == .fresh && queries.isEmpty {
      state = .committed
      return []
    }
    let isWhole = state == .fresh && statementTimeout == nil
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

  // MARK: For the lane

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
