import HTTP
import Reactor

/// One connection to an origin: one request at a time, then idle until the next or until its end.
actor ClientConnection: ReadinessHandler {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  typealias Outcome = Result<ReceivedResponse, ClientError>

  /// Nil once closed.
  private var transport: Transport?
  private var registration: Registration?
  private var parser: ResponseParser
  private var outgoing: [UInt8] = []
  private var sentCount = 0
  private var waiter: UnsafeContinuation<Outcome, Never>?
  private var timer: TimerToken?
  /// Whether a byte of the response to the request at hand has come.
  private(set) var hasReplyBegun = false

  init(_ transport: Transport, limits: ParserLimits, on loop: EventLoop) {
    self.loop = loop
    self.transport = transport
    parser = ResponseParser(limits)
  }

  /// Begins to listen; once, before the first request.
  func open() throws(SystemError) {
    guard let transport else { return }
    registration = try loop.register(transport.descriptor, [.read, .write], .edge, self)
  }

  var isOpen: Bool { transport != nil }

  /// Sends `bytes` and waits for the response; after a failure the connection is closed.
  func exchange(_ bytes: [UInt8], _ method: HTTP.Method, deadline: Instant) async -> Outcome {
    timer?.cancel()
    guard transport != nil, waiter == nil else { return .failure(.connectionLost(sent: false, "closed while idle")) }
    parser.expect(method)
    outgoing = bytes
    sentCount = 0
    hasReplyBegun = false
    return await withUnsafeContinuation { waiter in
      self.waiter = waiter
      timer = loop.schedule(at: deadline) { self.fail(.timedOut(sent: self.sentCount > 0)) }
      send()
    }
  }

  /// Waits for another request, for `duration` at most.
  func rest(for duration: Duration) {
    timer = loop.schedule(at: .measured() + duration) { self.close() }
  }

  func close() {
    timer?.cancel()
    registration?.cancel()
    registration = nil
    transport = nil
    waiter?.resume(returning: .failure(.connectionLost(sent: sentCount > 0, "closed")))
    waiter = nil
  }

  private func fail(_ error: ClientError) {
    waiter?.resume(returning: .failure(error))
    waiter = nil
    close()
  }

  nonisolated func ready(_ events: Readiness) {
    assumeIsolated { connection in
      if events.contains(.writable) { connection.send() }
      if events.contains(.readable) { connection.receive() }
    }
  }

  private func send() {
    while sentCount < outgoing.count, let transport {
      switch outgoing.withUnsafeBytes({ transport.write(UnsafeRawBufferPointer(rebasing: $0[sentCount...])) }) {
      case .bytes(let count): sentCount += count
      case .wouldBlock: return
      case .closed: return receiveLast("closed by the other side")
      case .failed(let error): return receiveLast(error.description)
      }
    }
  }

  /// Who refuses a request in the middle of its body closes after its answer: look for that before giving up.
  private func receiveLast(_ reason: String) {
    receive()
    fail(.connectionLost(sent: sentCount > 0, reason))
  }

  private func receive() {
    while let transport {
      let result = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
        let result = transport.read(into: buffer)
        if case .bytes(let count) = result { parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return result
      }
      switch result {
      case .bytes:
        // An idle connection has nothing to say: what it says cannot be told from an answer to the next request.
        guard waiter != nil else { return close() }
        hasReplyBegun = true
        handle(parser.next())
      case .wouldBlock: return
      case .closed:
        if case .response(let response) = parser.finish() { return succeed(response) }
        return fail(.connectionLost(sent: sentCount > 0, "closed by the other side"))
      case .failed(let error): return fail(.connectionLost(sent: sentCount > 0, error.description))
      }
    }
  }

  private func handle(_ event: ResponseParser.Event) {
    switch event {
    case .needsMore: return
    case .response(let response): succeed(response)
    case .failure(let failure) where failure.status == 413 || failure.status == 431: fail(.responseTooLarge)
    case .failure(let failure): fail(.invalidResponse(failure.detail))
    }
  }

  private func succeed(_ response: ReceivedResponse) {
    timer?.cancel()
    waiter?.resume(returning: .success(response))
    waiter = nil
    // A request of which a part is unsent cannot be followed by another; nor can bytes beyond the response be explained.
    guard response.isKeepAlive, sentCount == outgoing.count, case .needsMore = parser.next() else { return close() }
    outgoing = []
  }
}
