import CLibPQ
import Reactor

/// One pipelined session of a server, living on a loop: units go out at once, their answers come back in order.
///
/// libpq's descriptor is watched level-triggered: PQconsumeInput need not read all there is, and TLS buffers inside it.
package actor Connection {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private enum State {
    case connecting
    case open
    case closed
  }

  private var state = State.connecting
  private var handle: SessionHandle?
  private var registration: Registration?
  private var readiness: UnsafeContinuation<Bool, Never>?
  private var pending = Fifo<Unit>()
  /// Reads of this turn of the loop, which go out together at its end.
  private var batch: [Unit] = []
  private var prepared: [Bool] = []
  private let parameters = ParameterBuffer()
  private let statistics: DatabaseStatistics
  private weak var owner: (any ConnectionOwner)?
  private var drained: [UnsafeContinuation<Void, Never>] = []

  /// When the earliest deadline of what is pending is due; one timer serves them all.
  private var nextCheck: (at: Instant, token: TimerToken)?
  private var lastInput: Instant

  /// A server that has been silent for this long past a deadline is taken for dead.
  private static let silenceLimit = Duration.seconds(1)

  init(loop: EventLoop, statistics: DatabaseStatistics, owner: any ConnectionOwner) {
    self.loop = loop
    self.statistics = statistics
    self.owner = owner
    lastInput = .measured()
  }

  // MARK: What its lane asks

  var isOpen: Bool { state == .open }
  var pendingCount: Int { pending.count }

  /// Nothing is pending and no transaction is open: fit for another user.
  var isIdle: Bool {
    guard state == .open, pending.isEmpty, let handle else { return false }
    return PQtransactionStatus(handle.pointer) == PQTRANS_IDLE
  }

  /// A transaction is open, be it healthy or failed.
  var isInTransaction: Bool {
    guard state == .open, let handle else { return false }
    return PQtransactionStatus(handle.pointer) != PQTRANS_IDLE
  }

  // MARK: Sending

  /// Sends `unit` at the end of the loop's turn, in one batch with the other reads of this turn: one send(2) here, and one there
  /// for all the answers, where libpq 15 would flush at each sync. Only for reads, since a failure skips those behind it.
  func submitRead(_ unit: Unit) {
    guard state == .open else { return unit.fail(.connectionLost(sent: false)) }
    batch.append(unit)
    if batch.count == 1 { loop.afterBatch { [weak self] in self?.onLoop { $0.sendBatch() } } }
  }

  private func sendBatch() {
    let units = batch
    batch.removeAll(keepingCapacity: true)
    guard units.count > 1 else {
      for unit in units { submit(unit) }
      return
    }
    guard state == .open, let handle else {
      for unit in units { unit.fail(.connectionLost(sent: false)) }
      return
    }
    for (index, unit) in units.enumerated() {
      unit.hasOwnSync = false
      guard send(unit, on: handle.pointer) else {
        for rest in units[(index + 1)...] { rest.fail(.connectionLost(sent: false)) }
        return
      }
      pending.append(unit)
      expect(deadline: unit.deadline)
    }
    // Nobody waits for the sync itself.
    let sync = Unit([], deadline: units.reduce(units[0].deadline) { max($0, $1.deadline) }, .none)
    guard PQpipelineSync(handle.pointer) == 1 else { return refuse(sync, sentAnything: true) }
    statistics.tripCount.increment()
    pending.append(sync)
    flush()
  }

  /// Sends `unit` now; its answer, or the reason that there is none, goes to its continuation.
  func submit(_ unit: Unit) {
    guard state == .open, let handle else { return unit.fail(.connectionLost(sent: false)) }
    guard send(unit, on: handle.pointer) else { return }
    // A sync after each unit, so that its failure cannot skip its neighbours. In libpq 15 it flushes, too.
    guard PQpipelineSync(handle.pointer) == 1 else { return refuse(unit, sentAnything: true) }
    statistics.tripCount.increment()
    pending.append(unit)
    flush()
    expect(deadline: unit.deadline)
  }

  /// Puts the unit's statements into libpq's buffer; false when that failed and the connection is lost.
  private func send(_ unit: Unit, on connection: OpaquePointer) -> Bool {
    for (index, query) in unit.queries.enumerated() {
      let statement = query.statement
      if let slot = statement.slot {
        if slot >= prepared.count { prepared.append(contentsOf: repeatElement(false, count: slot + 16 - prepared.count)) }
        if !prepared[slot] {
          guard PQsendPrepare(connection, statement.nameInC, statement.sqlInC, 0, nil) == 1 else {
            refuse(unit, sentAnything: index > 0)
            return false
          }
          prepared[slot] = true
          unit.prepares.append(index)
        }
      }
      guard send(query, on: connection) else {
        refuse(unit, sentAnything: true)
        return false
      }
      if !statement.isControl { statistics.statementCount.increment() }
    }
    return true
  }

  private func send(_ query: Query, on connection: OpaquePointer) -> Bool {
    let count = query.parameters.count
    let statement = query.statement
    guard count > 0 else {
      return statement.slot == nil
        ? PQsendQueryParams(connection, statement.sqlInC, 0, nil, nil, nil, nil, 1) == 1
        : PQsendQueryPrepared(connection, statement.nameInC, 0, nil, nil, nil, 1) == 1
    }
    parameters.encode(query.parameters)
    return parameters.pointers.withUnsafeBufferPointer { values in
      parameters.lengths.withUnsafeBufferPointer { lengths in
        parameters.formats.withUnsafeBufferPointer { formats in
          statement.slot == nil
            ? PQsendQueryParams(
              connection, statement.sqlInC, Int32(count), nil, values.baseAddress, lengths.baseAddress, formats.baseAddress, 1)
              == 1
            : PQsendQueryPrepared(
              connection, statement.nameInC, Int32(count), values.baseAddress, lengths.baseAddress, formats.baseAddress, 1)
              == 1
        }
      }
    }
  }

  /// libpq took only a part of the unit (no memory, too many parameters): the pipeline cannot go on from here.
  private func refuse(_ unit: Unit, sentAnything: Bool) {
    let reason = message()
    unit.fail(.connectionLost(sent: sentAnything))
    lose(reason)
  }

  private func flush() {
    guard let handle else { return }
    let left = PQflush(handle.pointer)
    // -1 shows in the next read as well, after what the server has still said.
    do {
      try registration?.modify(left == 1 ? [.read, .write] : .read)
    } catch {
      lose("\(error)")
    }
  }

  // MARK: Receiving

  fileprivate func hear(_ events: Readiness) {
    if let readiness {
      self.readiness = nil
      readiness.resume(returning: true)
      return
    }
    guard state == .open, let handle else { return }
    if events.contains(.readable) {
      lastInput = loop.now
      let alive = PQconsumeInput(handle.pointer) == 1
      let sound = receive()
      guard state == .open else { return }
      if !alive || !sound || PQstatus(handle.pointer) == CONNECTION_BAD { return lose(message()) }
    }
    if events.contains(.writable), registration?.interest.contains(.write) == true { flush() }
  }

  /// Hands out the answers that are complete; false when libpq's queue and ours disagree.
  private func receive() -> Bool {
    var idle = 0
    while state == .open, let handle, let unit = pending.first, PQisBusy(handle.pointer) == 0 {
      guard let result = PQgetResult(handle.pointer) else {
        // One nil ends each statement's results; two mean that libpq waits for nothing.
        idle += 1
        if idle > 2 { return false }
        continue
      }
      idle = 0
      if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
        PQclear(result)
        _ = pending.popFirst()
        settle(unit)
      } else {
        let parsed: Statement? = if case .parse(let statement) = unit.expected { statement } else { nil }
        // 42P05: it is there already, prepared again after a failure that was not its own.
        if unit.accept(result), let slot = parsed?.slot { prepared[slot] = unit.error?.sqlState == "42P05" }
        if case .connectionLost? = unit.error { return false }
        if !unit.hasOwnSync, unit.isComplete {
          _ = pending.popFirst()
          settleRead(unit)
        }
      }
    }
    return true
  }

  private func settleRead(_ unit: Unit) {
    guard unit.isSkipped, !unit.isAbandoned else { return settle(unit) }
    unit.rewind()
    submit(unit)
  }

  private func settle(_ unit: Unit) {
    if let error = unit.error {
      statistics.errorCount.increment()
      if case .server(let server) = error { forgetStale(server, unit) }
    }
    unit.finish()
    if pending.isEmpty {
      let waiting = drained
      drained = []
      for continuation in waiting { continuation.resume() }
    }
  }

  /// 0A000 in a prepared statement is "cached plan must not change result type": a migration has changed its table. 26000 says
  /// that the server does not know it, since its Parse was skipped. Either way it is prepared anew at its next use.
  private func forgetStale(_ error: ServerError, _ unit: Unit) {
    guard error.sqlState == "0A000" || error.sqlState == "26000" else { return }
    for query in unit.queries {
      guard let slot = query.statement.slot, slot < prepared.count, prepared[slot] else { continue }
      prepared[slot] = false
      guard error.sqlState == "0A000" else { continue }
      let name = String(cString: query.statement.nameInC)
      let deallocate = Statement("deallocate", "DEALLOCATE \"\(name)\"", prepared: false, isControl: true)
      submit(Unit([Query(deallocate)], deadline: loop.now + .seconds(2), .none))
    }
  }

  // MARK: Deadlines

  private func expect(deadline: Instant) {
    if let nextCheck, nextCheck.at <= deadline { return }
    nextCheck?.token.cancel()
    nextCheck = (
      deadline,
      loop.schedule(at: deadline) { [weak self] in self?.onLoop { $0.checkDeadlines() } }
    )
  }

  private func checkDeadlines() {
    nextCheck = nil
    guard state == .open else { return }
    let now = loop.now
    var next: Instant?
    var isSilent = false
    let (silenceLimit, lastInput) = (Self.silenceLimit, lastInput)
    pending.forEach { unit in
      var due = unit.deadline
      if !unit.isAbandoned && due <= now {
        statistics.timeoutCount.increment()
        unit.abandon()
      }
      if unit.isAbandoned {
        due = max(unit.deadline, lastInput) + silenceLimit
        if due <= now { isSilent = true }
      }
      next = next.map { min($0, due) } ?? due
    }
    if isSilent { return lose("the server is silent") }
    if let next { expect(deadline: next) }
  }

  // MARK: The end

  /// Ends the session; what is pending is lost.
  package func close() {
    guard state != .closed else { return }
    end(.connectionLost(sent: true))
  }

  private func lose(_ reason: String) {
    guard state != .closed else { return }
    statistics.lostCount.increment()
    end(.connectionLost(sent: true))
    owner?.connectionLost(self, reason: reason)
  }

  private func end(_ error: PostgresError) {
    state = .closed
    nextCheck?.token.cancel()
    nextCheck = nil
    // Before PQfinish closes the descriptor.
    registration?.cancel()
    registration = nil
    handle = nil
    readiness?.resume(returning: false)
    readiness = nil
    for unit in batch { unit.fail(.connectionLost(sent: false)) }
    batch = []
    while let unit = pending.popFirst() {
      if case .server(let failure)? = unit.error, !failure.isFatal {
        // The server had refused it before it went: that is certain.
        unit.fail(.server(failure))
      } else {
        if !unit.isAbandoned { statistics.errorCount.increment() }
        unit.fail(error)
      }
    }
    for continuation in drained { continuation.resume() }
    drained = []
  }

  /// Returns when nothing is pending any more, at the latest when the connection ends.
  func untilDrained() async {
    if !batch.isEmpty { sendBatch() }
    guard state == .open, !pending.isEmpty else { return }
    await withUnsafeContinuation { drained.append($0) }
  }

  /// What PQcancel needs to reach the session from another thread.
  func cancelToken() -> CancelToken? { handle.flatMap { CancelToken($0.pointer) } }

  private func message() -> String {
    guard let handle else { return "closed" }
    return handle.complaint
  }

  // MARK: Opening

  /// Connects to `address`, with a session's keywords and values; throws `.unavailable`.
  func open(
    _ keywords: [String: String], onNotice: @escaping @Sendable (String) -> Void, deadline: Instant
  )
    async
    throws(PostgresError)
  {
    guard let handle = SessionHandle(keywords, onNotice: onNotice) else { throw .unavailable("out of memory") }
    self.handle = handle
    var wanted = Interest.write
    if PQstatus(handle.pointer) == CONNECTION_BAD { throw abandonOpening() }
    connecting: while true {
      // Registered anew at each step: libpq may have closed the socket and got the same number for the next.
      guard await becomesReady(handle, wanted, until: deadline) else {
        guard state == .connecting else { throw .closed }
        throw abandonOpening("no answer in time")
      }
      switch PQconnectPoll(handle.pointer) {
      case PGRES_POLLING_READING: wanted = .read
      case PGRES_POLLING_WRITING: wanted = .write
      case PGRES_POLLING_OK: break connecting
      default: throw abandonOpening()
      }
    }
    guard PQsetnonblocking(handle.pointer, 1) == 0, PQenterPipelineMode(handle.pointer) == 1 else { throw abandonOpening() }
    do {
      registration = try loop.register(PQsocket(handle.pointer), .read, .level, self)
    } catch {
      throw abandonOpening("\(error)")
    }
    state = .open
    lastInput = loop.now
    statistics.connectCount.increment()
  }

  private func abandonOpening(_ reason: String? = nil) -> PostgresError {
    let reason = reason ?? message()
    statistics.connectFailureCount.increment()
    end(.closed)
    return .unavailable(reason)
  }

  private func becomesReady(_ handle: SessionHandle, _ interest: Interest, until deadline: Instant) async -> Bool {
    let registration: Registration
    do {
      registration = try loop.register(PQsocket(handle.pointer), interest, .level, self)
    } catch {
      return false
    }
    let token = loop.schedule(at: deadline) { [weak self] in self?.onLoop { $0.giveUpWaiting() } }
    defer {
      token.cancel()
      registration.cancel()
    }
    return await withUnsafeContinuation { readiness = $0 }
  }

  private func giveUpWaiting() {
    readiness?.resume(returning: false)
    readiness = nil
  }
}

extension Connection: ReadinessHandler {
  package nonisolated func ready(_ events: Readiness) { onLoop { $0.hear(events) } }
}

/// The lane that a connection belongs to.
protocol ConnectionOwner: AnyObject, Sendable {
  /// Called on the loop when the session has ended other than by `close`.
  nonisolated func connectionLost(_ connection: Connection, reason: String)
}
