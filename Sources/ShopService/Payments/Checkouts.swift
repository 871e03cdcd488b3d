import HTTPClient
import Postgres
import Shop
import ShopAPI
import ShopStore

/// Wires the checkout of one loop: its store, its orders, its providers.
enum Checkouts {
  static func flow(
    _ configuration: Configuration, database: Database, rates: RateCache, offers: OfferWatch? = nil,
    report: @escaping @Sendable (CheckoutEvent) -> Void
  ) throws -> CheckoutFlow {
    let clock = SystemWallClock()
    let ids = IdentifierSource(clock: clock)
    let idempotency = try configuration.idempotencyStore(over: database)
    var providers: [any PaymentProvider] = []
    if configuration.environment != .production, let origin = configuration.testProviderURL.flatMap({ Origin($0) }) {
      let client = Client(on: database.loop, tracer: database.options.tracer)
      providers.append(AsideProvider(provider: TestPaymentProvider(client: client, origin: origin)))
    }
    return CheckoutFlow(
      store: CheckoutStore(database, idempotency: idempotency, ids: ids, rates: rates),
      orders: OrderStore(database, idempotency: idempotency, ids: ids), payments: PaymentStore(database, ids: ids),
      providers: providers, ids: ids, clock: clock,
      time: CheckoutTime(whole: configuration.deadlines.checkout, provider: configuration.deadlines.provider),
      offersAreRecent: { offers?.areRecent ?? true }, report: report)
  }
}
