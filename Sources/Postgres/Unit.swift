import CLibPQ
import Reactor

/// PG_DIAG_SQLSTATE.
private let sqlStateField = Int32(UInt8(ascii: "C"))

/// Statements that travel together. With a sync of its own a unit is one trip and one implicit transaction, and its failure
/// leaves its neighbours in the pipeline alone; reads share the sync of a batch, and those behind a failure are sent again.
///
/// `@unchecked Sendable`: made, answered and abandoned on one loop's thread, in the actors that live there.
final class Unit: @unchecked Sendable {
  enum Completion {
    case one(UnsafeContinuation<Result<Rows, PostgresError>, Never>)
    case many(UnsafeContinuation<Result<[Rows], PostgresError>, Never>)
    /// Nobody waits: housekeeping of the connection.
    case none
  }

  let queries: [Query]
  let deadline: Instant
  private var completion: Completion
  private var results: [Rows] = []
  private(set) var error: PostgresError?
  /// The deadline has passed and the caller has been told: replies are dropped.
  private(set) var isAbandoned = false

  /// Indices of the queries that a Parse precedes in the pipeline.
  var prepares: [Int] = []
  /// False for a read in a batch: it is settled as soon as its own answers are there.
  var hasOwnSync = true
  /// The server has skipped it, since a neighbour in its batch failed before it.
  private(set) var isSkipped = false
  private var preparesAnswered = 0
  private var queriesAnswered = 0

  init(_ queries: [Query], deadline: Instant, _ completion: Completion) {
    self.queries = queries
    self.deadline = deadline
    self.completion = completion
  }

  /// What the reply that arrives next belongs to.
  enum Expected {
    case parse(Statement)
    case execution(Statement)
    case nothing
  }

  var expected: Expected {
    guard queriesAnswered < queries.count else { return .nothing }
    let statement = queries[queriesAnswered].statement
    if preparesAnswered < prepares.count, prepares[preparesAnswered] == queriesAnswered { return .parse(statement) }
    return .execution(statement)
  }

  /// Takes ownership of `result`; true when a statement must be forgotten, since its Parse did not succeed.
  func accept(_ result: OpaquePointer) -> Bool {
    let expected = expected
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
      switch expected {
      case .parse:
        preparesAnswered += 1
        PQclear(result)
      case .execution:
        queriesAnswered += 1
        if isAbandoned { PQclear(result) } else { results.append(Rows(owning: result)) }
      case .nothing: PQclear(result)
      }
      return false
    default:
      let statement: Statement? =
        switch expected {
        case .parse(let statement), .execution(let statement): statement
        case .nothing: nil
        }
      if PQresultStatus(result) == PGRES_PIPELINE_ABORTED {
        isSkipped = error == nil
      } else if error == nil {
        // Without a SQLSTATE it is not the server that speaks, but libpq: of a line that broke.
        error =
          PQresultErrorField(result, sqlStateField) == nil
          ? .connectionLost(sent: true) : .server(ServerError(result, statement: statement?.name))
      }
      PQclear(result)
      switch expected {
      case .parse:
        preparesAnswered += 1
        return true
      case .execution: queriesAnswered += 1
      case .nothing: break
      }
      return false
    }
  }

  var isComplete: Bool { queriesAnswered == queries.count }

  /// Makes a skipped unit fit to be sent once more, by itself.
  func rewind() {
    hasOwnSync = true
    isSkipped = false
    prepares = []
    preparesAnswered = 0
    queriesAnswered = 0
    results = []
  }

  /// The answer that its sync has settled.
  func finish() {
    if let error { return fail(error) }
    guard isComplete else { return fail(.connectionLost(sent: true)) }
    switch completion {
    case .one(let continuation): continuation.resume(returning: .success(results[0]))
    case .many(let continuation): continuation.resume(returning: .success(results))
    case .none: break
    }
    completion = .none
  }

  func fail(_ error: PostgresError) {
    switch completion {
    case .one(let continuation): continuation.resume(returning: .failure(error))
    case .many(let continuation): continuation.resume(returning: .failure(error))
    case .none: break
    }
    completion = .none
  }

  /// Tells the caller that time is up; what still arrives for it is dropped.
  func abandon() {
    isAbandoned = true
    results = []
    fail(.timeout)
  }
}
