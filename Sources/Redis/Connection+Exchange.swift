import Reactor

/// Bytes out and in.
extension Connection {
  /// Sends `arguments` and gives Redis' reply; errors of Redis are thrown as `RedisError.server`.
  ///
  /// `deadline`: instead of the configured one, from now.
  package func command(_ arguments: [Argument], deadline: Duration? = nil) async throws(RedisError) -> Reply {
    let deadline = Instant.measured() + (deadline ?? configuration.commandDeadline)
    if let refusal = refusal {
      statistics.refusals.count()
      throw refusal
    }
    let span = CommandSpan(arguments, configuration)
    let result = await withUnsafeContinuation { outcome in submit(arguments, outcome, deadline) }
    span?.end(result.failure)
    return try result.get()
  }

  /// Why a command would not even be tried.
  private var refusal: RedisError? {
    guard !isCircuitOpen else { return .circuitOpen }
    switch phase {
    case .up(let link):
      let isFull =
        link.pipeline.count >= configuration.maximumPending || link.unsentCount >= configuration.maximumUnsentBytes
      return isFull ? .overloaded : nil
    case .idle, .connecting, .greeting: return queued.count >= configuration.maximumPending ? .overloaded : nil
    case .waiting, .closed: return .unavailable
    }
  }

  private func submit(_ arguments: [Argument], _ outcome: Link.Outcome, _ deadline: Instant) {
    statistics.commands.count()
    if case .up(let link) = phase {
      do throws(RedisError) {
        try link.enqueue(arguments, .command(outcome), deadline: deadline)
      } catch {
        return outcome.resume(returning: .failure(error))
      }
      scheduleFlush(link)
    } else {
      start()
      queued.append(Queued(arguments: arguments, outcome: outcome, deadline: deadline))
    }
    arm(deadline)
  }

  /// One write for all commands of this turn of the loop.
  func scheduleFlush(_ link: Link) {
    guard !link.isFlushScheduled else { return }
    link.isFlushScheduled = true
    loop.afterBatch {
      link.isFlushScheduled = false
      self.flush(link)
    }
  }

  func flush(_ link: Link) {
    guard link === self.link else { return }
    switch link.flush() {
    case .success(let writes): statistics.writes.count(writes)
    case .failure(let error): lose(link, error)
    }
  }

  package nonisolated func ready(_ events: Readiness) { assumeIsolated { $0.handle(events) } }

  private func handle(_ events: Readiness) {
    guard let link else { return }
    if events.contains(.writable) { flush(link) }
    if events.contains(.readable) { receive(link, peerClosed: events.contains(.peerClosed)) }
  }

  private func receive(_ link: Link, peerClosed: Bool) {
    while link === self.link {
      switch link.transport.read(into: buffer.bytes) {
      case .bytes(let count):
        do throws(RedisError) {
          try link.reader.feed(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
          while link === self.link, let reply = try link.reader.next() { try deliver(reply, link) }
        } catch {
          return lose(link, error)
        }
        // A short read of a plain socket has emptied it; what comes later makes a new edge. TLS may hold more.
        if count < buffer.bytes.count && !link.transport.isTLS && !peerClosed { return }
      case .wouldBlock: return
      case .closed: return lose(link, .connectionLost("closed by Redis"))
      case .failed(let error): return lose(link, .connectionLost(error.description))
      }
    }
  }

  private func deliver(_ reply: Reply, _ link: Link) throws(RedisError) {
    link.stalls = 0
    switch link.receiveNext() {
    case .nobody: throw .protocolViolation("a reply that nobody asked for")
    case .late: statistics.lateReplies.count()
    case .waiting(.greeting(let isLast)):
      if case .error(let message) = reply { throw RedisError(serverMessage: message) }
      if isLast { becameUp(link) }
    case .waiting(.probe):
      if case .status = reply { answered() }
    case .waiting(.command(let outcome)):
      statistics.replies.count()
      guard case .error(let message) = reply else {
        outcome.resume(returning: .success(reply))
        return answered()
      }
      try refused(RedisError(serverMessage: message), outcome)
    }
  }

  private func refused(_ error: RedisError, _ outcome: Link.Outcome) throws(RedisError) {
    statistics.serverErrors.count()
    outcome.resume(returning: .failure(error))
    guard case .server(let code, _) = error else { return }
    switch code {
    // This node has become a replica, or may no longer be used: the name may lead to its successor by now.
    case "READONLY", "NOAUTH", "MASTERDOWN": throw error
    // Alive, yet of no use: counts like silence.
    case "LOADING", "BUSY", "OOM", "MISCONF", "CLUSTERDOWN": failed()
    default: answered()
    }
  }
}

extension Result {
  fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

/// Where a connection reads into before hiredis copies; one a connection, so that links need none of their own.
final class ReadBuffer {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
  deinit { bytes.deallocate() }
}
