import Reactor

/// One loop's way to PostgreSQL: reads over the point lane, transactions over the work lane.
///
/// Best called on its loop, where a call costs no change of executor; from elsewhere it works, too.
package final class Database: Sendable {
  package let loop: EventLoop
  package let options: DatabaseOptions
  package let statistics = DatabaseStatistics()
  private let point: PointLane
  private let work: WorkLane
  private let groupCommit: GroupCommit
  private let tracer: TripTracer?

  package init(_ options: DatabaseOptions, loop: EventLoop) {
    self.loop = loop
    self.options = options
    tracer = TripTracer(options)
    point = PointLane(options, loop: loop, statistics: statistics)
    work = WorkLane(options, loop: loop, statistics: statistics)
    groupCommit = GroupCommit(work, options, loop: loop, statistics: statistics)
  }

  /// Begins to connect, without waiting for it; the first read would do it, too.
  package func start() { Task(executorPreference: loop) { [point] in await point.start() } }

  // MARK: Reads

  /// One statement that only reads, over the shared pipeline; `deadline` by default 2 s from now.
  package func read(_ query: Query, deadline: Instant? = nil) async throws(PostgresError) -> Rows {
    let trip = tracer?.trip(of: query)
    do throws(PostgresError) {
      let rows = try await point.read(query, deadline: deadline)
      trip?.end()
      return rows
    } catch {
      trip?.end(error)
      throw error
    }
  }

  /// Several that only read, in one trip; each sees its own snapshot, and a failure fails them all.
  package func read(_ queries: [Query], deadline: Instant? = nil) async throws(PostgresError) -> [Rows] {
    let trip = tracer?.trip(of: queries)
    do throws(PostgresError) {
      let rows = try await point.read(queries, deadline: deadline)
      trip?.end()
      return rows
    } catch {
      trip?.end(error)
      throw error
    }
  }

  // MARK: Work

  /// One statement on an exclusive connection, its own transaction: for writes that need no second statement, and for reads too
  /// slow for the pipeline. Not repeated by itself, since `.connectionLost(sent: true)` and `.timeout` leave a write's outcome open;
  /// but for what a read-only server has refused, which another may take.
  package func query(_ query: Query, deadline: Instant? = nil) async throws(PostgresError) -> Rows {
    let deadline = work.deadline(deadline)
    do {
      return try await attempt(query, deadline)
    } catch {
      guard error.isOfReadOnlyServer else { throw error }
      return try await attempt(query, deadline)
    }
  }

  private func attempt(_ query: Query, _ deadline: Instant) async throws(PostgresError) -> Rows {
    let connection = try await work.acquire(deadline: deadline)
    let trip = tracer?.trip(of: query)
    switch await connection.run([query], deadline: deadline) {
    case .success(let rows):
      trip?.end()
      await work.settle(connection)
      return rows[0]
    case .failure(let error):
      trip?.end(error)
      await work.settle(connection, discard: error.isOfReadOnlyServer)
      throw error
    }
  }

  /// Runs `body` in a transaction; what it has not committed itself is committed when it returns, and rolled back when it throws.
  ///
  /// The whole body runs again, up to three times in all, after a serialization failure or deadlock, on a server that takes no writes
  /// any more, and when the connection was lost before COMMIT was sent: it must have no effect but through `transaction`. `deadline`
  /// is 5 s from now by default, for all tries together. `statementTimeout` overrides the session's, for imports.
  ///
  /// One that turns out to be a single trip may travel with others as one transaction (`GroupCommit`) where it says what it is
  /// `groupedBy`: the row that its first statement locks. Locks that it takes after that must be of rows that belong to that one.
  @discardableResult
  package func transaction<Value>(
    deadline: Instant? = nil, statementTimeout: Duration? = nil, groupedBy first: UUIDBytes? = nil,
    _ body: (Transaction) async throws -> Value
  ) async throws -> Value {
    let deadline = work.deadline(deadline)
    var tries = 1
    let group = first.map { (commit: groupCommit, order: $0) }
    while true {
      let transaction = Transaction(work, tracer, deadline: deadline, statementTimeout: statementTimeout, group: group)
      do {
        let value = try await body(transaction)
        if !transaction.isCommitted { try await transaction.commit() }
        if let connection = transaction.connection { await work.settle(connection) }
        return value
      } catch {
        if let connection = transaction.connection {
          await work.settle(connection, discard: transaction.needsAnotherServer)
        }
        guard transaction.mayBeRetried, tries < Self.tries, Instant.measured() < deadline else { throw error }
        statistics.retryCount.increment()
        // Jitter keeps rivals from meeting again.
        await loop.sleepFromAnywhere(.milliseconds(Int64.random(in: 1...(20 * Int64(tries)))))
        tries += 1
      }
    }
  }

  private static let tries = 3

  /// For work on this database that is cheaper done together; traces show it by its name.
  package func gathering<Member: Sendable, Answer: Sendable>(
    _ name: String, _ together: @escaping Gathering<Member, Answer>.Together
  ) -> Gathering<Member, Answer> {
    Gathering(
      loop: loop, longestWait: options.groupWait, statistics: statistics, span: { [tracer] in tracer?.trip(named: name) },
      together: together)
  }

  // MARK: Life

  private static let pingStatement = Statement("ping", "SELECT 1")

  /// Throws unless the server answers in time.
  package func ping(deadline: Instant? = nil) async throws(PostgresError) {
    _ = try await point.read(Self.pingStatement(), deadline: deadline)
  }

  /// Refuses new work, lets what is under way finish until `deadline`, then closes the connections.
  package func close(deadline: Instant) async {
    await work.close(deadline: deadline)
    await point.close(deadline: deadline)
  }
}

extension EventLoop {
  /// `sleep` is for the loop's own thread; a caller from elsewhere changes to it first.
  func sleepFromAnywhere(_ duration: Duration) async {
    if inLoop { return await sleep(for: duration) }
    await Task(executorPreference: self) { await self.sleep(for: duration) }.value
  }
}
