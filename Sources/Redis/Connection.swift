import Reactor

/// A loop's way to Redis: commands of all requests share one pipelined connection, which mends itself.
///
/// Every command ends by its deadline, with a reply or with a `RedisError`; none waits for a Redis that is known to be down.
/// Commands that come while a connection is being made wait for it, within their deadline.
package actor Connection: ReadinessHandler {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  package nonisolated let statistics = Statistics()

  /// What an operator wants to read in the log.
  package enum Event: Sendable {
    case connected
    case connectFailed(String)
    case lost(RedisError)
    case circuitOpened
    case circuitClosed
  }

  enum Phase {
    /// Not asked for yet.
    case idle
    case connecting
    /// Connected; AUTH, SELECT and PING are on their way.
    case greeting(Link)
    case up(Link)
    /// Until the backoff's timer.
    case waiting
    case closed
  }

  struct Queued {
    let arguments: [Argument]
    let outcome: Link.Outcome
    let deadline: Instant
  }

  let configuration: Configuration
  private let observe: @Sendable (Event) -> Void
  var phase = Phase.idle
  /// Commands that wait for the connection being made.
  var queued: [Queued] = []
  private var breaker: CircuitBreaker
  private var backoff: Backoff
  private var random = SystemRandomNumberGenerator()
  private var sweep: (token: TimerToken, at: Instant)?
  private var probe: TimerToken?
  private var reconnect: TimerToken?
  let buffer = ReadBuffer()

  /// Connects at the first command, or at `start`. `observe` is called on the loop.
  package init(_ configuration: Configuration, on loop: EventLoop, observe: @escaping @Sendable (Event) -> Void = { _ in }) {
    self.configuration = configuration
    self.loop = loop
    self.observe = observe
    breaker = CircuitBreaker(failuresUntilOpen: configuration.failuresUntilOpen)
    backoff = configuration.backoff
  }

  // MARK: Life

  package func start() {
    if case .idle = phase { connect() }
  }

  /// Ends the connection for good; commands without a reply fail.
  package func close() {
    let link = link
    phase = .closed
    for token in [sweep?.token, probe, reconnect] { token?.cancel() }
    sweep = nil
    end(link, .unavailable)
    statistics.isConnected.store(false, ordering: .relaxed)
  }

  var link: Link? {
    switch phase {
    case .greeting(let link), .up(let link): link
    case .idle, .connecting, .waiting, .closed: nil
    }
  }

  private func connect() {
    phase = .connecting
    Task { await self.establish() }
  }

  private func establish() async {
    do {
      let (addresses, name) = try await addresses()
      let transport = try await Transport.connect(
        to: addresses, tls: configuration.tls, serverName: name, on: loop, deadline: .measured() + configuration.connectDeadline)
      guard case .connecting = phase else { return }
      guard let link = Link(transport, maximumReplyBytes: configuration.maximumReplyBytes) else {
        return connectFailed("no memory for a reader")
      }
      link.registration = try loop.register(transport.descriptor, [.read, .write], .edge, self)
      phase = .greeting(link)
      try greet(link)
    } catch {
      if let link { end(link, .unavailable) }
      connectFailed(String(describing: error))
    }
  }

  /// Asked anew at each connect: after a failover the name leads elsewhere.
  private func addresses() async throws -> ([SocketAddress], serverName: String?) {
    switch configuration.endpoint.place {
    case .host(let host, let port): return (try await Resolver.resolve(host: host, port: port), host)
    case .unixPath(let path):
      guard let address = SocketAddress(unixPath: path) else { throw RedisError.unavailable }
      return ([address], nil)
    }
  }

  private func greet(_ link: Link) throws(RedisError) {
    let deadline = Instant.measured() + configuration.connectDeadline
    let endpoint = configuration.endpoint
    if let password = endpoint.password {
      let words = ["AUTH"] + [endpoint.user, password].compactMap { $0.map { Argument($0) } }
      try link.enqueue(words, .greeting(isLast: false), deadline: deadline)
    }
    if endpoint.database != 0 {
      try link.enqueue(["SELECT", Argument(Int64(endpoint.database))], .greeting(isLast: false), deadline: deadline)
    }
    // A TCP connection proves little: a stopped Redis still accepts, and so does a proxy without one behind it.
    try link.enqueue(["PING"], .greeting(isLast: true), deadline: deadline)
    arm(deadline)
    flush(link)
  }

  func becameUp(_ link: Link) {
    phase = .up(link)
    statistics.connects.count()
    statistics.isConnected.store(true, ordering: .relaxed)
    observe(.connected)
    succeeded()
    let waiting = queued
    queued = []
    for command in waiting {
      do throws(RedisError) {
        try link.enqueue(command.arguments, .command(command.outcome), deadline: command.deadline)
      } catch {
        command.outcome.resume(returning: .failure(error))
      }
    }
    scheduleFlush(link)
  }

  private func connectFailed(_ reason: String) {
    if case .closed = phase { return }
    statistics.connectFailures.count()
    observe(.connectFailed(reason))
    let waiting = queued
    queued = []
    for command in waiting { command.outcome.resume(returning: .failure(.unavailable)) }
    failed()
    scheduleReconnect()
  }

  /// Discards `link`, if it is still the current one, and begins to make another.
  func lose(_ link: Link, _ error: RedisError) {
    guard link === self.link else { return }
    if case .greeting = phase {
      end(link, error)
      return connectFailed(error.description)
    }
    statistics.losses.count()
    statistics.isConnected.store(false, ordering: .relaxed)
    scheduleReconnect()
    end(link, error)
    observe(.lost(error))
    failed()
  }

  private func end(_ link: Link?, _ error: RedisError) {
    link?.registration?.cancel()
    for case .command(let outcome) in link?.pipeline.removeAll() ?? [] { outcome.resume(returning: .failure(error)) }
    if case .closed = phase {
      for command in queued { command.outcome.resume(returning: .failure(error)) }
      queued = []
    }
  }

  private func scheduleReconnect() {
    phase = .waiting
    reconnect = loop.schedule(at: .measured() + backoff.next(using: &random)) {
      if case .waiting = self.phase { self.connect() }
    }
  }

  // MARK: Circuit

  var isCircuitOpen: Bool { breaker.isOpen }

  /// A command was answered in time.
  func succeeded() {
    guard breaker.succeeded() == .closed else { return }
    probe?.cancel()
    statistics.isCircuitOpen.store(false, ordering: .relaxed)
    observe(.circuitClosed)
  }

  func failed() {
    guard breaker.failed() == .opened else { return }
    statistics.circuitOpenings.count()
    statistics.isCircuitOpen.store(true, ordering: .relaxed)
    observe(.circuitOpened)
    scheduleProbe()
  }

  /// A reply in time to a command, not only to the greeting, is what starts the backoff anew: a Redis that greets and hangs up
  /// is not asked in a tight circle.
  func answered() {
    backoff.reset()
    succeeded()
  }

  private func scheduleProbe() {
    probe = loop.schedule(at: .measured() + configuration.probeInterval) {
      guard self.isCircuitOpen else { return }
      // Without a connection the next greeting is the probe.
      if case .up(let link) = self.phase { self.sendProbe(link) }
      self.scheduleProbe()
    }
  }

  private func sendProbe(_ link: Link) {
    guard link.pipeline.count < configuration.maximumPending else { return }
    let deadline = Instant.measured() + configuration.commandDeadline
    do throws(RedisError) {
      try link.enqueue(["PING"], .probe, deadline: deadline)
    } catch { return }
    arm(deadline)
    flush(link)
  }

  // MARK: Deadlines

  /// One timer serves all commands: it is set to the soonest deadline, and finds the next one when it fires.
  func arm(_ deadline: Instant) {
    if let sweep, sweep.at <= deadline { return }
    sweep?.token.cancel()
    sweep = (loop.schedule(at: deadline) { self.sweepDeadlines() }, deadline)
  }

  private func sweepDeadlines() {
    sweep = nil
    let now = loop.now
    var late = queued.filter { $0.deadline <= now }.map(\.outcome)
    queued.removeAll { $0.deadline <= now }
    if let link {
      let expired = link.pipeline.expire(at: now)
      if !expired.isEmpty { link.stalls += 1 }
      for waiter in expired {
        switch waiter {
        case .command(let outcome): late.append(outcome)
        case .greeting: lose(link, .timedOut)
        case .probe: break
        }
      }
      if link.stalls >= configuration.maximumStalls { lose(link, .connectionLost("\(link.stalls) stalls without a reply")) }
    }
    statistics.timeouts.count(late.count)
    for outcome in late {
      outcome.resume(returning: .failure(.timedOut))
      failed()
    }
    let deadlines = [link?.pipeline.nextDeadline, queued.map(\.deadline).min()].compactMap { $0 }
    if let next = deadlines.min() { arm(next) }
  }
}
