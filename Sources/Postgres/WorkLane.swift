import Reactor

/// Exclusive connections for transactions, search and admin: opened when first needed, lent to one user at a time.
///
/// Who finds all busy waits in line: no longer than `poolWait`, in a line no longer than twice the pool. At a deadline the
/// statement is cancelled and its transaction rolled back before the connection is lent again.
package actor WorkLane {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `@unchecked Sendable`: touched on the lane's loop only.
  private final class Waiter: @unchecked Sendable {
    var continuation: UnsafeContinuation<Result<Connection, PostgresError>, Never>?
    var timer: TimerToken?
    let deadline: Instant

    init(_ continuation: UnsafeContinuation<Result<Connection, PostgresError>, Never>, _ deadline: Instant) {
      self.continuation = continuation
      self.deadline = deadline
    }

    func finish(_ result: Result<Connection, PostgresError>) {
      timer?.cancel()
      continuation?.resume(returning: result)
      continuation = nil
    }
  }

  private nonisolated let options: DatabaseOptions
  private nonisolated let statistics: DatabaseStatistics
  private var idle: [Connection] = []
  private var lent: Set<ObjectIdentifier> = []
  private var opening = 0
  private var waiters = Fifo<Waiter>()
  private var backoff: Backoff
  /// While set and not yet past, no attempt is made: the last one failed.
  private var down: (until: Instant, error: PostgresError)?
  private var isClosed = false
  private var allReturned: UnsafeContinuation<Void, Never>?

  private static let recoveryLimit = Duration.seconds(2)

  init(_ options: DatabaseOptions, loop: EventLoop, statistics: DatabaseStatistics) {
    self.options = options
    self.loop = loop
    self.statistics = statistics
    backoff = Backoff(longest: options.longestBackoff)
  }

  nonisolated func deadline(_ deadline: Instant?) -> Instant { deadline ?? .measured() + options.workDeadline }

  // MARK: Lending

  nonisolated func acquire(deadline: Instant) async throws(PostgresError) -> Connection {
    guard loop.inLoop else { return try await acquireFromElsewhere(deadline).get() }
    if let connection = onLoop({ $0.takeIdle() }) { return connection }
    let result: Result<Connection, PostgresError> = await withUnsafeContinuation { continuation in
      onLoop { $0.request(continuation, deadline) }
    }
    return try result.get()
  }

  private func acquireFromElsewhere(_ deadline: Instant) async -> Result<Connection, PostgresError> {
    if let connection = takeIdle() { return .success(connection) }
    return await withUnsafeContinuation { request($0, deadline) }
  }

  /// The most recently used: its statements are prepared and its caches warm.
  private func takeIdle() -> Connection? {
    guard !isClosed, let connection = idle.popLast() else { return nil }
    lend(connection)
    return connection
  }

  private func lend(_ connection: Connection) {
    lent.insert(ObjectIdentifier(connection))
    statistics.workBusyCount.increment()
  }

  private func request(_ continuation: UnsafeContinuation<Result<Connection, PostgresError>, Never>, _ deadline: Instant) {
    guard !isClosed else { return continuation.resume(returning: .failure(.closed)) }
    let total = idle.count + lent.count + opening
    if idle.isEmpty && lent.isEmpty && opening == 0, let down, down.until > loop.now {
      return continuation.resume(returning: .failure(down.error))
    }
    // For each connection that is being opened one of those in line is as good as served.
    let willOpen = opening + (total < options.workConnections ? 1 : 0)
    guard waiters.count < options.workConnections * 2 + willOpen else {
      statistics.exhaustedCount.increment()
      return continuation.resume(returning: .failure(.poolExhausted))
    }
    let waiter = Waiter(continuation, deadline)
    waiters.append(waiter)
    statistics.workWaitingCount.increment()
    schedule(waiter, at: min(deadline, loop.now + options.poolWait))
    if total < options.workConnections && opening < waiters.count {
      opening += 1
      Task(executorPreference: loop) { await self.open() }
    }
  }

  private func schedule(_ waiter: Waiter, at instant: Instant) {
    waiter.timer = loop.schedule(at: instant) { [weak self] in self?.onLoop { $0.giveUp(waiter) } }
  }

  private func giveUp(_ waiter: Waiter) {
    guard waiter.continuation != nil else { return }
    // A first connection may take longer than a place in line is worth.
    if opening > 0 && lent.isEmpty && loop.now < waiter.deadline { return schedule(waiter, at: waiter.deadline) }
    waiters.removeAll { $0 === waiter }
    statistics.workWaitingCount.decrement()
    statistics.exhaustedCount.increment()
    waiter.finish(.failure(opening > 0 && lent.isEmpty ? .unavailable("still connecting") : .poolExhausted))
  }

  private func open() async {
    do {
      let connection = try await Connection.opened(options, .work, loop: loop, statistics: statistics, owner: self)
      opening -= 1
      guard !isClosed else { return await connection.close() }
      statistics.workOpenCount.increment()
      down = nil
      backoff.reset()
      offer(connection)
    } catch {
      opening -= 1
      down = (loop.now + backoff.next(), error)
      // With others lent out the line still moves; with none it does not.
      if lent.isEmpty && idle.isEmpty { while let waiter = nextWaiter() { waiter.finish(.failure(error)) } }
    }
  }

  private func nextWaiter() -> Waiter? {
    guard let waiter = waiters.popFirst() else { return nil }
    statistics.workWaitingCount.decrement()
    return waiter
  }

  private func offer(_ connection: Connection) {
    if let waiter = nextWaiter() {
      lend(connection)
      waiter.finish(.success(connection))
    } else {
      idle.append(connection)
    }
  }

  /// Takes back a lent connection, if it is fit for another user.
  func giveBack(_ connection: Connection) {
    guard lent.remove(ObjectIdentifier(connection)) != nil else { return }
    statistics.workBusyCount.decrement()
    if connection.onLoop({ $0.isIdle }) && !isClosed {
      offer(connection)
    } else {
      // A connection that was lost has been counted out already.
      if connection.onLoop({ $0.isOpen }) { statistics.workOpenCount.decrement() }
      connection.onLoop { $0.close() }
      replaceIfNeeded()
    }
    if lent.isEmpty {
      allReturned?.resume()
      allReturned = nil
    }
  }

  /// Somebody is in line and the pool has room: a lost connection must not leave the line standing.
  private func replaceIfNeeded() {
    guard !isClosed, !waiters.isEmpty, idle.count + lent.count + opening < options.workConnections else { return }
    opening += 1
    Task(executorPreference: loop) { await self.open() }
  }

  fileprivate func forget(_ connection: Connection, reason: String) {
    options.onEvent(.lost(lane: .work, reason: reason))
    statistics.workOpenCount.decrement()
    idle.removeAll { $0 === connection }
    // One that is lent comes back by `giveBack`.
  }

  // MARK: Settling

  /// - Parameter discard: the connection's server is not what this lane needs: it is given up, with those that nobody uses.
  nonisolated func settle(_ connection: Connection, discard: Bool = false) async {
    if !discard && loop.inLoop && onLoop({ $0.giveBackIdle(connection) }) { return }
    await settleOnLoop(connection, discard: discard)
  }

  private func giveBackIdle(_ connection: Connection) -> Bool {
    guard connection.onLoop({ $0.isIdle }) else { return false }
    giveBack(connection)
    return true
  }

  /// Makes a lent connection fit for the next user, or ends it; then takes it back.
  private func settleOnLoop(_ connection: Connection, discard: Bool) async {
    if discard {
      end(connection)
      // Those that were opened with it lead to the same server.
      for other in idle { end(other) }
      idle = []
    } else if connection.onLoop({ $0.isOpen && $0.pendingCount > 0 }) {
      // A deadline has passed: the caller goes on while the statement is being stopped.
      Task(executorPreference: loop) {
        await self.stop(connection)
        await self.giveBack(connection)
      }
      return
    } else if connection.onLoop({ $0.isInTransaction }) {
      await rollBack(connection)
    }
    giveBack(connection)
  }

  private func stop(_ connection: Connection) async {
    let cancellation = Cancellation()
    let limit = loop.schedule(at: loop.now + Self.recoveryLimit) { [weak self] in
      self?.onLoop { lane in lane.end(connection) }
      cancellation.finish()
    }
    if let token = connection.onLoop({ $0.cancelToken() }) {
      Task(executorPreference: loop) {
        await token.cancel(unless: cancellation)
        cancellation.finish()
      }
    } else {
      cancellation.finish()
    }
    await connection.untilDrained()
    // One that is still on its way would hit the next user's statement.
    await cancellation.untilFinished()
    limit.cancel()
    if connection.onLoop({ $0.isInTransaction }) { await rollBack(connection) }
  }

  private func end(_ connection: Connection) {
    connection.onLoop {
      if $0.isOpen { statistics.workOpenCount.decrement() }
      $0.close()
    }
  }

  private func rollBack(_ connection: Connection) async {
    let result = await connection.run([Query(Statement.rollback)], deadline: loop.now + .seconds(1))
    if case .failure = result { end(connection) }
  }

  // MARK: Closing

  /// Refuses new users, waits for those at work until `deadline`.
  func close(deadline: Instant) async {
    guard !isClosed else { return }
    isClosed = true
    while let waiter = nextWaiter() { waiter.finish(.failure(.closed)) }
    for connection in idle { end(connection) }
    idle = []
    guard !lent.isEmpty else { return }
    let token = loop.schedule(at: deadline) { [weak self] in self?.onLoop { $0.stopWaiting() } }
    await withUnsafeContinuation { allReturned = $0 }
    token.cancel()
  }

  private func stopWaiting() {
    allReturned?.resume()
    allReturned = nil
  }
}

extension WorkLane: ConnectionOwner {
  nonisolated func connectionLost(_ connection: Connection, reason: String) {
    onLoop { $0.forget(connection, reason: reason) }
  }
}

extension Connection {
  /// One trip; the answer or why there is none.
  nonisolated func run(_ queries: [Query], deadline: Instant) async -> Result<[Rows], PostgresError> {
    guard !queries.isEmpty else { return .success([]) }
    guard loop.inLoop else { return await runFromElsewhere(queries, deadline: deadline) }
    return await withUnsafeContinuation { continuation in
      onLoop { $0.submit(Unit(queries, deadline: deadline, .many(continuation))) }
    }
  }

  private func runFromElsewhere(_ queries: [Query], deadline: Instant) async -> Result<[Rows], PostgresError> {
    await withUnsafeContinuation { submit(Unit(queries, deadline: deadline, .many($0))) }
  }
}
