import Logging
import Reactor
import ShopStore
import Synchronization
import Telemetry

/// Whether the offers that this database was sent are recent enough to sell by: for a role whose catalogue is elsewhere.
///
/// Asked of the database every few seconds, so that a checkout asks an atomic. Unknown counts as too old.
final class OfferWatch: Sendable {
  /// In milliseconds: prices older than this are not charged.
  static let limit: Int64 = 60_000
  private static let interval = Duration.seconds(2)

  private let store: DoorStore
  private let loop: EventLoop
  private let logger: Logger
  /// In milliseconds, at the last look; negative: unknown.
  private let age = Atomic<Int64>(-1)
  private let stopped = Atomic<Bool>(false)
  private let finished = Mutex<Task<Void, Never>?>(nil)

  init(store: DoorStore, loop: EventLoop, logger: Logger) {
    self.store = store
    self.loop = loop
    self.logger = logger
  }

  var areRecent: Bool { (0...Self.limit).contains(age.load(ordering: .relaxed)) }

  func register(in registry: MetricsRegistry) {
    registry.gauge("shop_offer_lag_seconds", "Age of the catalogue's last heartbeat here; -1 while unknown.") { [self] in
      let age = age.load(ordering: .relaxed)
      return age < 0 ? -1 : Double(age) / 1e3
    }
  }

  func start() {
    let task = Task(executorPreference: loop) { await self.run() }
    finished.withLock { $0 = task }
  }

  func stop() async {
    stopped.store(true, ordering: .releasing)
    let task = finished.withLock { $0 }
    await task?.value
  }

  private func run() async {
    while !stopped.load(ordering: .acquiring) {
      await look()
      await loop.sleep(for: Self.interval)
    }
  }

  private func look() async {
    let before = areRecent
    do {
      age.store(try await store.beatAge(deadline: .measured() + Self.interval) ?? -1, ordering: .relaxed)
    } catch {
      // Without the database no checkout gets further than this either.
      logger.warning("offer lag unknown", metadata: ["error": "\(error)"])
    }
    if before && !areRecent { logger.error("offers are too old to sell by") }
    if !before && areRecent { logger.notice("offers are recent") }
  }
}
