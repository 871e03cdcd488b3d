import Reactor

/// Reads bounded by a key, over pipelined connections that all requests of a loop share.
///
/// Sessions are read-only. At its deadline a read gets `.timeout` and its answer is dropped when it comes: a cancel would hit a
/// neighbour. A read whose connection ends is sent once more over the next, if its deadline allows.
package actor PointLane {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private enum Slot {
    /// Not tried yet, or lost a moment ago: reads wait for it.
    case connecting
    case open(Connection)
    /// The last attempt failed: reads fail at once, attempts go on.
    case down(PostgresError)

    var connection: Connection? {
      if case .open(let connection) = self { connection } else { nil }
    }
  }

  private nonisolated let options: DatabaseOptions
  private nonisolated let statistics: DatabaseStatistics
  private var slots: [Slot]
  private var nextSlot = 0
  private var waiters = Fifo<Unit>()
  private var waitersCheck: TimerToken?
  private var isStarted = false
  private var isClosed = false

  /// How many reads may wait for a connection; more than this would only time out.
  private static let waiterLimit = 4096

  private static let readOnly = Statement(
    "set_read_only", "SET default_transaction_read_only = on", prepared: false, isControl: true)

  init(_ options: DatabaseOptions, loop: EventLoop, statistics: DatabaseStatistics) {
    self.options = options
    self.loop = loop
    self.statistics = statistics
    slots = .init(repeating: .connecting, count: max(1, options.pointConnections))
  }

  // MARK: Reading

  nonisolated func read(_ query: Query, deadline: Instant?) async throws(PostgresError) -> Rows {
    let end = deadline ?? .measured() + options.pointDeadline
    let result = await attempt(query, end)
    guard case .failure(let error) = result, isRepeatable(error), Instant.measured() < end else { return try result.get() }
    return try await attempt(query, end).get()
  }

  /// All of `queries` in one trip, in one snapshot each; a failure fails them all.
  nonisolated func read(_ queries: [Query], deadline: Instant?) async throws(PostgresError) -> [Rows] {
    guard !queries.isEmpty else { return [] }
    let end = deadline ?? .measured() + options.pointDeadline
    let result = await attempt(queries, end)
    guard case .failure(let error) = result, isRepeatable(error), Instant.measured() < end else { return try result.get() }
    return try await attempt(queries, end).get()
  }

  /// Reads change nothing, so one more try is safe.
  private nonisolated func isRepeatable(_ error: PostgresError) -> Bool {
    switch error {
    case .connectionLost: true
    case .server(let server): ["26000", "42P05", "0A000"].contains(server.sqlState)
    default: false
    }
  }

  private nonisolated func attempt(_ query: Query, _ deadline: Instant) async -> Result<Rows, PostgresError> {
    // On the loop the call goes straight in; awaiting the actor would queue a job there and one back.
    guard loop.inLoop else { return await attemptFromElsewhere(query, deadline) }
    return await withUnsafeContinuation { continuation in
      onLoop { $0.submit(Unit([query], deadline: deadline, .one(continuation))) }
    }
  }

  private func attemptFromElsewhere(_ query: Query, _ deadline: Instant) async -> Result<Rows, PostgresError> {
    await withUnsafeContinuation { submit(Unit([query], deadline: deadline, .one($0))) }
  }

  private nonisolated func attempt(_ queries: [Query], _ deadline: Instant) async -> Result<[Rows], PostgresError> {
    guard loop.inLoop else { return await attemptFromElsewhere(queries, deadline) }
    return await withUnsafeContinuation { continuation in
      onLoop { $0.submit(Unit(queries, deadline: deadline, .many(continuation))) }
    }
  }

  private func attemptFromElsewhere(_ queries: [Query], _ deadline: Instant) async -> Result<[Rows], PostgresError> {
    await withUnsafeContinuation { submit(Unit(queries, deadline: deadline, .many($0))) }
  }

  private func submit(_ unit: Unit) {
    guard !isClosed else { return unit.fail(.closed) }
    start()
    var failure: PostgresError?
    var isConnecting = false
    for _ in slots.indices {
      nextSlot = (nextSlot + 1) % slots.count
      switch slots[nextSlot] {
      case .open(let connection): return connection.onLoop { $0.submitRead(unit) }
      case .connecting: isConnecting = true
      case .down(let error): failure = error
      }
    }
    guard isConnecting, waiters.count < Self.waiterLimit else { return unit.fail(failure ?? .unavailable("still connecting")) }
    waiters.append(unit)
    expectWaiters(unit.deadline)
  }

  // MARK: Connecting

  /// Begins to connect; done by the first read, too.
  func start() {
    guard !isStarted, !isClosed else { return }
    isStarted = true
    for index in slots.indices { keepTrying(index) }
  }

  private func keepTrying(_ index: Int) { Task(executorPreference: loop) { await self.connect(index) } }

  private func connect(_ index: Int) async {
    var backoff = Backoff(longest: options.longestBackoff)
    while !isClosed {
      do {
        let connection = try await Connection.opened(options, .point, loop: loop, statistics: statistics, owner: self)
        guard !isClosed else { return await connection.close() }
        // By SET, not at connect: target_session_attrs=read-write would take the session for a standby's.
        connection.onLoop {
          $0.submit(Unit([Query(Self.readOnly)], deadline: $0.loop.now + .seconds(2), .none))
        }
        statistics.pointOpenCount.increment()
        slots[index] = .open(connection)
        while let unit = waiters.popFirst() { submit(unit) }
        return
      } catch {
        slots[index] = .down(error)
        failWaiters(error)
      }
      await loop.sleep(for: backoff.next())
    }
  }

  private func failWaiters(_ error: PostgresError) {
    for case .connecting in slots { return }
    while let unit = waiters.popFirst() { unit.fail(error) }
  }

  private func expectWaiters(_ deadline: Instant) {
    guard waitersCheck == nil else { return }
    waitersCheck = loop.schedule(at: deadline) { [weak self] in self?.onLoop { $0.checkWaiters() } }
  }

  private func checkWaiters() {
    waitersCheck = nil
    let now = loop.now
    var next: Instant?
    waiters.removeAll { unit in
      guard unit.deadline > now else {
        unit.fail(.unavailable("still connecting"))
        return true
      }
      next = next.map { min($0, unit.deadline) } ?? unit.deadline
      return false
    }
    if let next { expectWaiters(next) }
  }

  fileprivate func replace(_ connection: Connection, reason: String) {
    guard let index = slots.firstIndex(where: { $0.connection === connection }) else { return }
    statistics.pointOpenCount.decrement()
    options.onEvent(.lost(lane: .point, reason: reason))
    slots[index] = .connecting
    if !isClosed { keepTrying(index) }
  }

  // MARK: Closing

  /// Refuses new reads, lets those under way finish until `deadline`.
  func close(deadline: Instant) async {
    guard !isClosed else { return }
    isClosed = true
    while let unit = waiters.popFirst() { unit.fail(.closed) }
    for slot in slots {
      guard case .open(let connection) = slot else { continue }
      await connection.drainAndClose(deadline: deadline)
      statistics.pointOpenCount.decrement()
    }
    slots = slots.map { _ in .down(.closed) }
  }
}

extension PointLane: ConnectionOwner {
  nonisolated func connectionLost(_ connection: Connection, reason: String) {
    onLoop { $0.replace(connection, reason: reason) }
  }
}

extension Connection {
  func drainAndClose(deadline: Instant) async {
    let token = loop.schedule(at: deadline) { [weak self] in self?.onLoop { $0.close() } }
    await untilDrained()
    token.cancel()
    close()
  }
}
