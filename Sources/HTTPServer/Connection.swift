import Glibc
import HTTP
import Reactor

/// One client's connection: reads requests, has them answered one after the other, writes what is ready in one call.
///
/// All of it runs on the worker's loop. Epoll is edge-triggered, so `mayRead` and `mayWrite` remember what it said.
actor Connection: ReadinessHandler {
  private enum Phase {
    case handshake
    /// Between requests, or with one half read.
    case reading
    /// A request is being answered; nothing further is read, which is what bounds pipelining.
    case answering
    /// The last answer is written; the client's remaining bytes are read away, so that no reset overtakes it.
    case lingering
    case closed
  }

  private let transport: Transport
  private nonisolated let worker: Worker
  private nonisolated let loop: EventLoop
  private nonisolated let limits: Limits
  private let service: any Service & Sendable
  private let peer: String
  private let isExcess: Bool

  private var phase = Phase.reading
  private var registration: Registration?
  private var parser = RequestParser()
  private var output: [UInt8] = []
  private var written = 0
  private var mayRead = false
  private var mayWrite = true
  /// Epoll has told of the peer's end, which will be met behind the last of its bytes.
  private var peerIsEnding = false
  private var peerEnded = false
  private var hasAnswered = false
  /// After what is in `output`, nothing more is answered.
  private var closesAfterOutput = false
  private var isProceeding = false
  /// Content bytes of the answer being streamed.
  private var streamed = 0
  private var room: UnsafeContinuation<Bool, Never>?
  private var unfinished: [Pending] = []

  /// The one timer; it looks at the deadlines when it fires, since moving a timer for each request would cost more than the request.
  private var deadline = Instant.distantFuture
  /// By when the client must take a byte of what the kernel has no room for.
  private var writeDeadline = Instant.distantFuture
  /// What the kernel held for the client when `writeDeadline` was set.
  private var unacknowledged: Int?
  private var timer: TimerToken?
  private var armedFor = Instant.distantFuture
  private var bodyStarted: Instant?
  /// The head at hand has its deadline, which further bytes do not move.
  private var isHeadTimed = false

  /// An answer in `output` whose last byte is not yet with the kernel.
  private struct Pending {
    let end: Int
    let exchange: (Instant) -> Exchange
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ transport: Transport, of worker: Worker, isExcess: Bool) {
    self.transport = transport
    self.worker = worker
    self.isExcess = isExcess
    loop = worker.loop
    limits = worker.limits
    service = worker.service
    peer = transport.peer.host
  }

  // MARK: Life

  func open() {
    do {
      registration = try loop.register(transport.descriptor, [.read, .write], .edge, self)
    } catch {
      return close()
    }
    phase = transport.isEstablished ? .reading : .handshake
    setDeadline(transport.isEstablished ? limits.head : limits.handshake)
    if isExcess, phase == .reading { refuse(.tooManyConnections) }
  }

  nonisolated func ready(_ events: Readiness) { assumeIsolated { $0.handle(events) } }

  private func handle(_ events: Readiness) {
    if events.contains(.readable) { mayRead = true }
    if events.contains(.peerClosed) { peerIsEnding = true }
    if events.contains(.writable) { mayWrite = true }
    switch phase {
    case .handshake: goOnWithHandshake()
    case .reading: proceed()
    case .answering: flush()
    case .lingering:
      flush()
      readAway()
    case .closed: break
    }
  }

  private func goOnWithHandshake() {
    switch transport.establish() {
    case .done:
      phase = .reading
      setDeadline(limits.head)
      isExcess ? refuse(.tooManyConnections) : proceed()
    case .wants: break
    case .failed:
      worker.statistics.handshakeFailures.add(1, ordering: .relaxed)
      close()
    }
  }

  /// Closes at once; unwritten answers are lost.
  func close() {
    guard phase != .closed else { return }
    phase = .closed
    registration?.cancel()
    registration = nil
    timer?.cancel()
    timer = nil
    finishExchanges(through: .max)
    room?.resume(returning: false)
    room = nil
    output = []
    worker.assumeIsolated { $0.forget(self) }
  }

  /// For a worker that is closing: ends the connection unless a request is on its way or being answered.
  func closeIfIdle() {
    guard phase == .reading else { return }
    // A last look: a request that is already here must not be lost.
    mayRead = true
    proceed()
  }

  private func endInOrder() {
    guard phase != .closed else { return }
    transport.shutdownWrite()
    guard !peerEnded else { return close() }
    phase = .lingering
    setDeadline(limits.linger)
    readAway()
  }

  private func readAway() {
    while mayRead, phase == .lingering {
      switch ReadBuffer.withBytes({ transport.read(into: $0) }) {
      case .bytes: continue
      case .wouldBlock: mayRead = false
      case .closed, .failed: close()
      }
    }
  }

  // MARK: Reading

  /// Goes on as far as the bytes at hand allow, then writes once.
  private func proceed() {
    guard !isProceeding else { return }
    isProceeding = true
    defer { isProceeding = false }
    while phase == .reading, !closesAfterOutput {
      // The client must take answers before more of its requests are looked at, those included that have come already.
      if output.count - written > limits.unsentBytes {
        flush()
        guard phase == .reading, output.count - written <= limits.unsentBytes else { return }
      }
      switch parser.next() {
      case .request(let request): answer(request)
      case .head(let head): admit(head)
      case .failure(let failure):
        worker.statistics.malformed.add(1, ordering: .relaxed)
        refuse(failure)
      case .needsMore:
        guard readMore() else {
          if phase == .reading { watchProgress() }
          flush()
          return
        }
      }
    }
    flush()
  }

  /// True when there are new bytes.
  private func readMore() -> Bool {
    guard mayRead, !peerEnded else { return false }
    let result = ReadBuffer.withBytes { buffer in
      let result = transport.read(into: buffer)
      if case .bytes(let count) = result {
        parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        // A short read has emptied a plain socket (epoll(7)): the next edge will come, but for an end that was already told of.
        if count < buffer.count, !transport.isTLS, !peerIsEnding { mayRead = false }
      }
      return result
    }
    switch result {
    case .bytes: return true
    case .wouldBlock: mayRead = false
    case .closed:
      mayRead = false
      // Its half is closed, not its interest: what was asked is still answered (RFC 9112, 9.6).
      peerEnded = true
    case .failed: close()
    }
    return false
  }

  private func admit(_ head: RequestHead) {
    parser.bodyLimit = service.bodyLimit(for: head)
    let fits = if case .length(let length) = head.framing { length <= parser.bodyLimit } else { true }
    if head.expectsContinue, fits, !parser.hasBufferedBytes { output.append(contentsOf: ResponseEncoder.continueResponse) }
    bodyStarted = loop.now
    setDeadline(limits.bodyGrace)
  }

  /// Sets the deadline that fits what is being waited for, once there is nothing left to do.
  private func watchProgress() {
    if peerEnded {
      closesAfterOutput = true
    } else if parser.isIdle {
      guard worker.assumeIsolated({ $0.isClosing }) else { return }
      if hasAnswered {
        closesAfterOutput = true
      } else if !isHeadTimed {
        // Just opened: its first request is most likely on the wire.
        isHeadTimed = true
        setDeadline(limits.linger)
      }
    } else if !parser.isInBody, !isHeadTimed {
      isHeadTimed = true
      setDeadline(limits.head)
    }
  }

  // MARK: Answering

  private func answer(_ request: Request) {
    var request = request
    request.peer = peer
    bodyStarted = nil
    isHeadTimed = false
    phase = .answering
    // The handlers have deadlines of their own; this one only ends what they forgot.
    deadline = .distantFuture
    let received = loop.now
    let service = service
    Task.immediate(executorPreference: loop) { [request] in
      let answer = await service.respond(to: request, received: received)
      await self.send(answer, to: request, received: received)
    }
  }

  private func send(_ answer: Answer, to request: Request, received: Instant) async {
    guard phase == .answering else { return note(answer, to: request, received: received, bytesOut: 0) }
    hasAnswered = true
    let close = !request.head.isKeepAlive || worker.assumeIsolated { $0.isDraining }
    let content = append(answer.response, method: request.method, minorVersion: request.head.minorVersion, close: close)
    var bytesOut = 0
    if case .bytes(let bytes) = answer.response.body, request.method != .head { bytesOut = bytes.count }
    if content != .complete, case .stream(let produce) = answer.response.body {
      streamed = 0
      await produce { [self] chunk in await write(chunk, as: content) }
      bytesOut = streamed
      guard phase == .answering else { return note(answer, to: request, received: received, bytesOut: bytesOut) }
      if content == .chunked { output.append(contentsOf: ResponseEncoder.lastChunk) }
    }
    unfinished.append(
      Pending(end: output.count) { [bytesOut] end in
        Exchange(
          request: request, route: answer.route, requestID: answer.requestID, status: answer.response.status.code,
          duration: end - received, bytesIn: request.body.count, bytesOut: bytesOut)
      })
    closesAfterOutput = close || content == .untilClose
    phase = .reading
    setDeadline(limits.keepAlive)
    if !isProceeding { proceed() }
  }

  /// Tells of an answer whose connection was lost before it was whole.
  private func note(_ answer: Answer, to request: Request, received: Instant, bytesOut: Int) {
    service.finished(
      Exchange(
        request: request, route: answer.route, requestID: answer.requestID, status: answer.response.status.code,
        duration: .measured() - received, bytesIn: request.body.count, bytesOut: bytesOut))
  }

  private func append(_ response: Response, method: Method?, minorVersion: Int, close: Bool) -> ResponseEncoder.Content {
    ResponseEncoder.append(
      response, to: &output, method: method, minorVersion: minorVersion, close: close,
      date: worker.assumeIsolated { $0.dateField() })
  }

  /// One piece of a streamed answer; waits for room.
  private func write(_ chunk: [UInt8], as content: ResponseEncoder.Content) async -> Bool {
    guard phase == .answering else { return false }
    streamed += chunk.count
    if content == .chunked {
      ResponseEncoder.appendChunk(chunk, to: &output)
    } else {
      output.append(contentsOf: chunk)
    }
    flush()
    guard phase == .answering, output.count - written > limits.unsentBytes else { return phase == .answering }
    return await withUnsafeContinuation { room = $0 }
  }

  /// Answers what is no request, and ends the connection.
  private func refuse(_ failure: ParseFailure) {
    let answer = service.refuse(failure)
    let received = loop.now
    let method = parser.methodAtHand
    _ = append(answer.response, method: method, minorVersion: 1, close: true)
    var bytesOut = 0
    if case .bytes(let bytes) = answer.response.body, method != .head { bytesOut = bytes.count }
    unfinished.append(
      Pending(end: output.count) { [bytesOut] end in
        Exchange(
          request: nil, route: answer.route, requestID: answer.requestID, status: answer.response.status.code,
          duration: end - received, bytesIn: 0, bytesOut: bytesOut)
      })
    closesAfterOutput = true
    flush()
  }

  // MARK: Writing

  private func flush() {
    guard phase != .closed else { return }
    while written < output.count, mayWrite {
      switch output.withUnsafeBytes({ transport.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }) {
      case .bytes(let count):
        written += count
      case .wouldBlock:
        mayWrite = false
        watchWriting()
      case .closed, .failed: return close()
      }
    }
    finishExchanges(through: written)
    guard written == output.count else { return }
    if writeDeadline != .distantFuture {
      writeDeadline = .distantFuture
      // Waiting for the next request begins only now.
      if phase == .reading, parser.isIdle { setDeadline(limits.keepAlive) }
    }
    if written > 0 {
      // Capacity is kept between requests of a batch, and given back when a connection has nothing to say.
      output.count > 16_384 || parser.isIdle ? output = [] : output.removeAll(keepingCapacity: true)
      written = 0
    }
    if let room {
      self.room = nil
      room.resume(returning: true)
    }
    if closesAfterOutput, phase == .reading { endInOrder() }
  }

  private func finishExchanges(through offset: Int) {
    guard let first = unfinished.first, first.end <= offset else { return }
    let now = Instant.measured()
    let count = unfinished.prefix { $0.end <= offset }.count
    for pending in unfinished[..<count] { service.finished(pending.exchange(now)) }
    unfinished.removeFirst(count)
  }

  // MARK: Time

  private func setDeadline(_ duration: Duration) {
    deadline = loop.now + duration
    if timer == nil || armedFor > deadline { arm(for: deadline) }
  }

  private func watchWriting() {
    writeDeadline = loop.now + limits.writeStall
    unacknowledged = transport.unacknowledgedBytes
    if timer == nil || armedFor > writeDeadline { arm(for: writeDeadline) }
  }

  private func arm(for moment: Instant) {
    timer?.cancel()
    armedFor = moment
    timer = loop.schedule(at: moment) { [weak self] in self?.assumeIsolated { $0.timerFired() } }
  }

  private func timerFired() {
    timer = nil
    guard phase != .closed else { return }
    if loop.now >= writeDeadline {
      // A slow client is not a stalled one: the kernel tells of room only once a third of its buffer, megabytes, is free.
      guard let before = unacknowledged, let count = transport.unacknowledgedBytes, count < before else { return cut() }
      watchWriting()
    }
    guard loop.now >= deadline else {
      let next = min(deadline, writeDeadline)
      if next != .distantFuture { arm(for: next) }
      return
    }
    // Whatever follows sets its own; a client that still takes its answers is watched by `writeDeadline` alone.
    deadline = .distantFuture
    switch phase {
    case .handshake: cut()
    case .lingering: close()
    case .reading where closesAfterOutput: break
    case .reading where parser.isIdle:
      closesAfterOutput = true
      flush()
    case .reading where parser.isInBody && isFastEnough: setDeadline(.seconds(1))
    case .reading:
      worker.statistics.timedOut.add(1, ordering: .relaxed)
      refuse(.timedOut)
    case .answering, .closed: break
    }
    if timer == nil, phase != .closed, writeDeadline != .distantFuture { arm(for: writeDeadline) }
  }

  private var isFastEnough: Bool {
    guard let bodyStarted else { return false }
    let seconds = Int((loop.now - bodyStarted).components.seconds)
    return seconds < Int(limits.body.components.seconds) && parser.bodyCount >= seconds * limits.bodyRate
  }

  private func cut() {
    worker.statistics.timedOut.add(1, ordering: .relaxed)
    close()
  }
}
