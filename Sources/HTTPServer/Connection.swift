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
  private let service: any Service & Sendable
  private let peer: String
  /// What it is refused with, being one too many.
  private let excess: ParseFailure?
  /// Its place among those of its address.
  nonisolated let entry: AddressConnections.Entry
  /// Whose requests are counted; nil for a trusted proxy, which says so itself for each.
  private let address: IPAddress?

  private var phase = Phase.reading
  private var registration: Registration?
  private var parser: RequestParser
  private var output = Output()
  private var mayRead = false
  private var mayWrite = true
  /// Epoll has told of the peer's end, which will be met behind the last of its bytes.
  private var peerIsEnding = false
  private var peerEnded = false
  private var answered = 0
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
  /// Nil while the client takes all that there is for it.
  private(set) var stall: Stall?
  private var timer: TimerToken?
  private var armedFor = Instant.distantFuture
  /// Since when the request at hand has been coming, its head or its content.
  private var receivingSince: Instant?
  /// The head at hand has its deadline, which further bytes do not move.
  private var isHeadTimed = false

  /// An answer whose last byte is not yet with the kernel.
  private struct Pending {
    let end: Int
    let exchange: (Instant) -> Exchange
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ transport: Transport, of worker: Worker, entry: AddressConnections.Entry, excess: ParseFailure?) {
    self.transport = transport
    self.worker = worker
    self.entry = entry
    self.excess = excess
    loop = worker.loop
    service = worker.service
    peer = transport.peer.host
    parser = RequestParser(worker.limits.parser)
    let proxies = worker.limits.trustedProxies
    address = IPAddress(transport.peer).flatMap { address in proxies.contains { $0.contains(address) } ? nil : address }
  }

  // MARK: Life

  func open() {
    do {
      registration = try loop.register(transport.descriptor, [.read, .write], .edge, self)
    } catch {
      return close()
    }
    phase = transport.isEstablished ? .reading : .handshake
    setDeadline(transport.isEstablished ? worker.limits.head : worker.limits.handshake)
    if let excess, phase == .reading { refuse(excess) }
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
      setDeadline(worker.limits.head)
      if let excess { refuse(excess) } else { proceed() }
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
    endStall()
    finishExchanges(through: .max)
    room?.resume(returning: false)
    room = nil
    output.clear()
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
    setDeadline(worker.limits.linger)
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
      if output.count > worker.limits.unsentBytes {
        flush()
        guard phase == .reading, output.count <= worker.limits.unsentBytes else { return }
      }
      switch parser.next() {
      case .request(let request): answer(request)
      case .head(let head): admit(head)
      case .failure(let failure):
        worker.statistics.noteMalformed(status: failure.status)
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
    if head.expectsContinue, fits, !parser.hasBufferedBytes { output.append(ResponseEncoder.continueResponse) }
    receivingSince = loop.now
    setDeadline(worker.limits.bodyPace.next(after: .zero))
  }

  /// Sets the deadline that fits what is being waited for, once there is nothing left to do.
  private func watchProgress() {
    if peerEnded {
      closesAfterOutput = true
    } else if parser.isIdle {
      guard worker.assumeIsolated({ $0.isClosing }) else { return }
      if answered > 0 {
        closesAfterOutput = true
      } else if !isHeadTimed {
        // Just opened: its first request is most likely on the wire.
        isHeadTimed = true
        setDeadline(worker.limits.linger)
      }
    } else if !parser.isInBody, !isHeadTimed {
      isHeadTimed = true
      receivingSince = loop.now
      setDeadline(worker.limits.headPace.next(after: .zero))
    }
  }

  // MARK: Answering

  private func answer(_ request: Request) {
    var request = request
    request.peer = peer
    receivingSince = nil
    isHeadTimed = false
    phase = .answering
    // The handlers have deadlines of their own; this one only ends what they forgot.
    deadline = .distantFuture
    let received = loop.now
    let service = service
    guard isInTime(request) else {
      worker.statistics.note(.rate)
      // The client may come back later: its bytes are as good as any.
      return finish(service.refuse(.tooManyRequests), to: request, received: received)
    }
    Task.immediate(executorPreference: loop) { [request] in
      let answer = await service.respond(to: request, received: received)
      await self.send(answer, to: request, received: received)
    }
  }

  /// Whether its client may ask already: who that is a trusted proxy says.
  private func isInTime(_ request: Request) -> Bool {
    guard worker.limits.requestsPerAddress > 0,
      let client = address ?? ForwardedFor.client(of: request.head, trusting: worker.limits.trustedProxies)
    else { return true }
    return worker.assumeIsolated { $0.mayAsk(client) }
  }

  private func send(_ answer: Answer, to request: Request, received: Instant) async {
    guard phase == .answering else { return note(answer, to: request, received: received, bytesOut: 0) }
    guard case .stream = answer.response.body else { return finish(answer, to: request, received: received) }
    let close = isLast(request)
    let content = append(answer.response, method: request.method, minorVersion: request.head.minorVersion, close: close)
    var bytesOut = 0
    if content != .complete, case .stream(let produce) = answer.response.body {
      streamed = 0
      await produce { [self] chunk in await write(chunk, as: content) }
      bytesOut = streamed
      guard phase == .answering else { return note(answer, to: request, received: received, bytesOut: bytesOut) }
      if content == .chunked { output.append(ResponseEncoder.lastChunk) }
    }
    conclude(answer, to: request, received: received, bytesOut: bytesOut, close: close || content == .untilClose)
  }

  /// Sends an answer that is there as a whole.
  private func finish(_ answer: Answer, to request: Request, received: Instant) {
    let close = isLast(request)
    _ = append(answer.response, method: request.method, minorVersion: request.head.minorVersion, close: close)
    var bytesOut = 0
    if case .bytes(let bytes) = answer.response.body, request.method != .head { bytesOut = bytes.count }
    conclude(answer, to: request, received: received, bytesOut: bytesOut, close: close)
  }

  /// Whether the connection ends with the answer to this request.
  private func isLast(_ request: Request) -> Bool {
    answered += 1
    if answered == worker.limits.requestsPerConnection {
      worker.statistics.usedUp.add(1, ordering: .relaxed)
      return true
    }
    return !request.head.isKeepAlive || worker.assumeIsolated { $0.isDraining }
  }

  /// The whole answer is in `output`.
  private func conclude(_ answer: Answer, to request: Request, received: Instant, bytesOut: Int, close: Bool) {
    unfinished.append(
      Pending(end: output.end) { end in
        Exchange(
          request: request, route: answer.route, requestID: answer.requestID, companion: answer.companion,
          status: answer.response.status.code, duration: end - received, bytesIn: request.body.count, bytesOut: bytesOut)
      })
    closesAfterOutput = close
    phase = .reading
    setDeadline(worker.limits.keepAlive)
    if !isProceeding { proceed() }
  }

  /// Tells of an answer whose connection was lost before it was whole.
  private func note(_ answer: Answer, to request: Request, received: Instant, bytesOut: Int) {
    service.finished(
      Exchange(
        request: request, route: answer.route, requestID: answer.requestID, companion: answer.companion,
        status: answer.response.status.code, duration: .measured() - received, bytesIn: request.body.count, bytesOut: bytesOut))
  }

  private func append(_ response: Response, method: Method?, minorVersion: Int, close: Bool) -> ResponseEncoder.Content {
    let date = worker.assumeIsolated { $0.dateField() }
    var shared: [UInt8] = []
    if case .bytes(let bytes) = response.body, bytes.count >= Output.sharedSize, response.status.allowsContent, method != .head {
      shared = bytes
    }
    // A head as for HEAD tells the length of the content, which follows as it is.
    let content = output.append {
      ResponseEncoder.append(
        response, to: &$0, method: shared.isEmpty ? method : .head, minorVersion: minorVersion, close: close, date: date)
    }
    output.appendShared(shared)
    return content
  }

  /// One piece of a streamed answer; waits for room.
  private func write(_ chunk: [UInt8], as content: ResponseEncoder.Content) async -> Bool {
    guard phase == .answering else { return false }
    streamed += chunk.count
    if content == .chunked {
      output.append { ResponseEncoder.appendChunk(chunk, to: &$0) }
    } else {
      output.append(chunk)
    }
    flush()
    guard phase == .answering, output.count > worker.limits.unsentBytes else { return phase == .answering }
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
      Pending(end: output.end) { [bytesOut] end in
        Exchange(
          request: nil, route: answer.route, requestID: answer.requestID, companion: answer.companion,
          status: answer.response.status.code, duration: end - received, bytesIn: 0, bytesOut: bytesOut)
      })
    closesAfterOutput = true
    flush()
  }

  // MARK: Writing

  private func flush() {
    guard phase != .closed else { return }
    while !output.isEmpty, mayWrite {
      switch output.write(to: transport) {
      case .bytes(let count):
        output.take(count)
      case .wouldBlock:
        mayWrite = false
        watchWriting()
      case .closed, .failed: return close()
      }
    }
    finishExchanges(through: output.taken)
    guard output.isEmpty else { return }
    if stall != nil {
      endStall()
      // Waiting for the next request begins only now.
      if phase == .reading, parser.isIdle { setDeadline(worker.limits.keepAlive) }
    }
    // Capacity is kept between requests of a batch, and given back when a connection has nothing to say.
    output.reset(keepingRoom: !parser.isIdle)
    // What the kernel has taken the client has not yet: a look later tells.
    if answered > 0 {
      writeDeadline = loop.now + worker.limits.writeStall
      if timer == nil || armedFor > writeDeadline { arm(for: writeDeadline) }
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

  /// The kernel takes no more for now.
  private func watchWriting() {
    // A client that takes a little again and again moves nothing: it is measured from the first time on.
    guard stall == nil else { return }
    let bytes = output.count
    stall = Stall(since: loop.now, bytes: bytes, taken: taken)
    writeDeadline = loop.now + worker.limits.writeStall
    worker.assumeIsolated { $0.noteStall(of: bytes) }
    if timer == nil || armedFor > writeDeadline { arm(for: writeDeadline) }
  }

  private func endStall() {
    guard let bytes = stall?.bytes else { return }
    stall = nil
    worker.assumeIsolated { $0.noteStall(of: -bytes) }
  }

  /// What the client has taken so far; nil where the kernel does not say. Over TLS records add a little, which does not matter here.
  private var taken: Int? { transport.unacknowledgedBytes.map { output.taken - $0 } }

  /// Ends a client that others have to make room for.
  func cutForMemory() { cut(.memory) }

  private func arm(for moment: Instant) {
    timer?.cancel()
    armedFor = moment
    timer = loop.schedule(at: moment) { [weak self] in self?.assumeIsolated { $0.timerFired() } }
  }

  private func timerFired() {
    timer = nil
    guard phase != .closed else { return }
    if loop.now >= writeDeadline {
      if stall != nil {
        guard stall?.takesEnough(taken, at: loop.now, worker.limits.writePace) == true else { return cut(.write) }
        writeDeadline = loop.now + worker.limits.writeStall
      } else {
        // All is with the kernel since then: a client that has not taken it by now does not read.
        guard (transport.unacknowledgedBytes ?? 0) == 0 else { return cut(.write) }
        writeDeadline = .distantFuture
      }
    }
    guard loop.now >= deadline else {
      let next = min(deadline, writeDeadline)
      if next != .distantFuture { arm(for: next) }
      return
    }
    // Whatever follows sets its own; a client that still takes its answers is watched by `writeDeadline` alone.
    deadline = .distantFuture
    switch phase {
    case .handshake: cut(.handshake)
    case .lingering: close()
    case .reading where closesAfterOutput: break
    case .reading where parser.isIdle:
      closesAfterOutput = true
      flush()
    case .reading:
      let elapsed = receivingSince.map { loop.now - $0 } ?? .seconds(3_600)
      let pace = parser.isInBody ? worker.limits.bodyPace : worker.limits.headPace
      if pace.allows(parser.isInBody ? parser.bodyCount : parser.bufferedCount, after: elapsed) {
        setDeadline(pace.next(after: elapsed))
      } else {
        worker.statistics.note(parser.isInBody ? Statistics.Cut.body : .head)
        refuse(.timedOut)
      }
    case .answering, .closed: break
    }
    if timer == nil, phase != .closed, writeDeadline != .distantFuture { arm(for: writeDeadline) }
  }

  private func cut(_ reason: Statistics.Cut) {
    worker.statistics.note(reason)
    transport.dropUnsentAtClose()
    close()
  }
}
