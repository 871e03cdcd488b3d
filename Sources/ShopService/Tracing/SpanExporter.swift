import HTTP
import HTTPClient
import JSON
import Logging
import Reactor
import Telemetry

/// Brings one loop's finished spans to the collector, by OTLP over HTTP: a batch at a time, and never so that a request waits for it.
///
/// What the collector does not take at once is offered again for some seconds; then it is dropped and counted, as is what no longer
/// fits the queue meanwhile.
actor SpanExporter {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// How long a span waits for others.
  private static let interval = Duration.seconds(2)
  private static let patience = Duration.seconds(5)
  private static let tries = 4
  private static let longestPause = Duration.seconds(30)

  private let queue: SpanQueue
  private let document: SpanDocument
  private let collector: Origin
  private let client: Client
  private let counts: TraceMetrics
  private let logger: Logger
  private let failures = LogThrottle()
  private var timer: TimerToken?
  private var sending: Task<Void, Never>?
  private var isFinishing = false

  init(
    _ queue: SpanQueue, _ document: SpanDocument, to collector: Origin, counts: TraceMetrics, on loop: EventLoop, logger: Logger
  ) {
    self.queue = queue
    self.document = document
    self.collector = collector
    self.counts = counts
    self.loop = loop
    self.logger = logger
    // Without a tracer: what is exported must not make spans to export.
    client = Client(on: loop)
  }

  func start() {
    queue.whenBatchIsFull { [loop, weak self] in
      loop.execute { [weak self] in self?.assumeIsolated { $0.sendIfIdle() } }
    }
    arm()
  }

  private func arm() {
    timer = loop.schedule(at: loop.now + Self.interval) { [weak self] in
      self?.assumeIsolated { exporter in
        exporter.sendIfIdle()
        exporter.arm()
      }
    }
  }

  private func sendIfIdle() {
    guard sending == nil, !isFinishing, queue.count > 0 else { return }
    sending = Task { await self.sendUntilEmpty() }
  }

  private func sendUntilEmpty() async {
    await sendAll()
    sending = nil
  }

  private func sendAll() async {
    while true {
      let batch = queue.take()
      guard !batch.isEmpty else { return }
      await deliver(batch)
    }
  }

  /// Offers what is left once, until `end` at the latest; then nothing more is exported.
  func finish(until end: Instant) async {
    isFinishing = true
    timer?.cancel()
    let patience = Task(executorPreference: loop) { [loop] in await loop.sleep(until: end) }
    Task {
      await self.sendRest()
      patience.cancel()
    }
    await patience.value
    counts.unreachable.add(queue.count)
    await client.close()
  }

  private func sendRest() async {
    // Ends its pause, if it is in one.
    sending?.cancel()
    await sending?.value
    await sendAll()
  }

  // MARK: One batch

  private enum Reply {
    /// How many of them it did not want, and why.
    case taken(refused: Int, reason: String)
    case refused(String)
    /// Another time it may take them; after a pause, if it named one.
    case notNow(String, pause: Duration?)
  }

  private func deliver(_ batch: [FinishedSpan]) async {
    let body = document.encoded(batch)
    var pause = Duration.seconds(1)
    for attempt in 1...Self.tries {
      switch await offer(body) {
      case .taken(let refused, let reason):
        counts.exported.add(max(0, batch.count - refused))
        if refused > 0 { drop(refused, counts.refused, reason) }
        return
      case .refused(let reason): return drop(batch.count, counts.refused, reason)
      case .notNow(let reason, let named):
        guard attempt < Self.tries, !isFinishing else { return drop(batch.count, counts.unreachable, reason) }
        await loop.sleep(for: min(max(pause, named ?? .zero), Self.longestPause))
        pause *= 2
      }
    }
  }

  private func drop(_ count: Int, _ counter: CounterInstrument, _ reason: String) {
    counter.add(count)
    failures.pass { suppressed in
      logger.warning(
        "spans were dropped",
        metadata: ["collector": "\(collector)", "spans": "\(count)", "reason": "\(reason)", "not_logged": "\(suppressed)"])
    }
  }

  private func offer(_ body: [UInt8]) async -> Reply {
    let request = ClientRequest(.post, "/v1/traces", contentType: "application/json", body: body)
    let response: ReceivedResponse
    do throws(ClientError) {
      response = try await client.send(request, to: collector, deadline: .measured() + Self.patience)
    } catch {
      return .notNow(error.description, pause: nil)
    }
    switch response.status {
    case 200..<300: return Self.success(response.body)
    // By the OTLP specification these alone are worth another try.
    case 429, 502, 503, 504:
      let pause = response.field("retry-after").flatMap { Int($0) }.map { Duration.seconds($0) }
      return .notNow("status \(response.status)", pause: pause)
    default: return .refused("status \(response.status)")
    }
  }

  private static func success(_ body: [UInt8]) -> Reply {
    guard case .object(let answer)? = try? JSONReader.read(body), case .object(let partial)? = answer["partialSuccess"] else {
      return .taken(refused: 0, reason: "")
    }
    var reason = ""
    if case .string(let message)? = partial["errorMessage"] { reason = message }
    switch partial["rejectedSpans"] {
    case .string(let count)?: return .taken(refused: Int(count) ?? 0, reason: reason)
    case .integer(let count)?: return .taken(refused: Int(clamping: count), reason: reason)
    default: return .taken(refused: 0, reason: reason)
    }
  }
}
