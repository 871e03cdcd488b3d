import Reactor
import ShopStore
import Telemetry

/// The backlog as series, read when they are scraped: at most once in five seconds, and never for long, since a scrape must
/// still answer while the database does not.
actor BacklogMetrics {
  private let store: BacklogStore
  private let loop: EventLoop
  private let known: GaugeInstrument
  private let openPayments: GaugeInstrument
  private let oldestOpenPayment: GaugeInstrument
  private let openVoids: GaugeInstrument
  private let oldestOpenVoid: GaugeInstrument
  private let overdueHolds: GaugeInstrument
  private let outboxLag: GaugeInstrument
  private var lastRead: Instant?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ store: BacklogStore, on loop: EventLoop, in registry: MetricsRegistry) {
    self.store = store
    self.loop = loop
    known = registry.gauge("shop_backlog_known", "Whether the database told the backlog when it was last asked.")
    openPayments = registry.gauge("shop_payments_open", "Payments whose outcome is not known.")
    oldestOpenPayment = registry.gauge("shop_payments_open_oldest_seconds", "Seconds since the oldest open payment began.")
    openVoids = registry.gauge("shop_voids_open", "Voids that no provider has confirmed.")
    oldestOpenVoid = registry.gauge("shop_voids_open_oldest_seconds", "Seconds since the oldest open void was asked for.")
    overdueHolds = registry.gauge("shop_holds_overdue", "Holds that should have ended ten seconds ago.")
    outboxLag = registry.gauge("shop_outbox_lag_seconds", "Seconds since the oldest event that a consumer has not read.")
  }

  /// What was read last stays when this read fails, beside `shop_backlog_known` 0.
  func refresh() async {
    let now = Instant.measured()
    if let lastRead, now < lastRead + .seconds(5) { return }
    lastRead = now
    do {
      let backlog = try await store.read(deadline: now + .milliseconds(500))
      openPayments.set(Double(backlog.openPayments))
      oldestOpenPayment.set(backlog.oldestOpenPayment)
      openVoids.set(Double(backlog.openVoids))
      oldestOpenVoid.set(backlog.oldestOpenVoid)
      overdueHolds.set(Double(backlog.overdueHolds))
      outboxLag.set(backlog.outboxLag)
      known.set(1)
    } catch {
      known.set(0)
    }
  }
}
