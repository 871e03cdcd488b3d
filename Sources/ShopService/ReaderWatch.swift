import Logging
import Reactor
import ShopStore
import Synchronization
import Telemetry

/// Looks how far this region's reader is behind, so that a request for the catalogue asks an atomic.
final class ReaderWatch: Sendable {
  private static let interval = Duration.milliseconds(500)

  let lag: ReaderLag
  private let store: DoorStore
  private let loop: EventLoop
  private let logger: Logger
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// - Parameter store: over the reader.
  init(store: DoorStore, limit: Duration, loop: EventLoop, logger: Logger) {
    lag = ReaderLag(limit: limit)
    self.store = store
    self.loop = loop
    self.logger = logger
  }

  func register(in registry: MetricsRegistry) {
    registry.gauge("shop_reader_lag_seconds", "How old the reader's answers may be; -1 while unknown.") { [lag] in
      guard let (seconds, attoseconds) = lag.age?.components else { return -1 }
      return Double(seconds) + Double(attoseconds) / 1e18
    }
  }

  func start() {
    let task = Task(executorPreference: loop) { await self.run() }
    self.task.withLock { $0 = task }
  }

  func stop() async {
    let task = task.withLock { $0 }
    task?.cancel()
    await task?.value
  }

  private func run() async {
    var wasRecent: Bool?
    while !Task.isCancelled {
      var reason = "too far behind, or nobody beats"
      do {
        try await lag.look(store, deadline: .measured() + .seconds(1))
      } catch {
        reason = "\(error)"
      }
      let isRecent = lag.age.map { $0 <= lag.limit } ?? false
      if isRecent != wasRecent {
        if isRecent {
          logger.notice("catalogue is read from the reader")
        } else {
          logger.warning("catalogue is read from the writer", metadata: ["reason": "\(reason)"])
        }
      }
      wasRecent = isRecent
      await loop.sleep(for: Self.interval)
    }
  }
}
