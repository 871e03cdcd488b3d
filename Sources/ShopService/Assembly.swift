import Admission
import HTTP
import HTTPServer
import Logging
import Postgres
import Reactor
import Redis
import Shop
import ShopAPI
import ShopStore
import Synchronization
import Telemetry

/// The only wiring: what each loop gets, made of the configuration.
struct Assembly: Sendable {
  let configuration: Configuration
  let registry: MetricsRegistry
  let readiness: Readiness
  var offerWatch: OfferWatch?
  var readerWatch: ReaderWatch?
  let logger: Logger
  let accessLog: AccessLog?
  /// Shared by the loops' response caches.
  let coordination = CacheCoordination()
  /// Written for the first loop, the same for all.
  let document = PublishedDocument(version: version)

  /// Everything that one loop serves, over its own database connections.
  /// - Parameter reader: this region's, for catalogue reads and the region's health.
  /// - Parameter admission: the loop's door to them.
  func service(
    database: Database, reader: Database?, redis: Redis.Connection?, admission: Admission, tracer: RecordingTracer?
  ) throws -> LoopService {
    service(
      of: try routes(database: database, reader: reader, redis: redis), on: database.loop, admission: admission, tracer: tracer)
  }

  /// What a worker serves to those who watch it: its health and its series, nothing of the shop.
  func watchService(database: Database) -> LoopService {
    service(of: health(database: database, reader: nil, redis: nil).routes + [metrics(database)], on: database.loop)
  }

  private func service(
    of routes: [Route], on loop: EventLoop, admission: Admission? = nil, tracer: RecordingTracer? = nil
  ) -> LoopService {
    let clock = SystemWallClock()
    let budgets = API.Budgets(
      read: configuration.deadlines.read, write: configuration.deadlines.write, checkout: configuration.deadlines.checkout)
    let api = API(
      routes: routes, credentials: Credentials(adminKeys: configuration.adminKeys, originSecrets: configuration.originSecrets),
      budgets: budgets, admission: admission, clock: clock)
    return LoopService(
      api: api,
      telemetry: RequestTelemetry(
        routes: routes, role: configuration.role, registry: registry, loop: loop.name, accessLog: accessLog, logger: logger),
      bodyLimits: API.BodyLimits(
        anyone: configuration.server.limits.publicBodyBytes, admin: configuration.server.limits.bodyBytes), clock: clock,
      tracer: tracer)
  }

  /// The route map: every route of the role.
  func routes(database: Database, reader: Database?, redis: Redis.Connection?) throws -> [Route] {
    let cursors = CursorSigner(try configuration.keyRing())
    let cache = cache(redis, on: database.loop)
    let catalogue = CatalogueRoutes(source: source(database, reader), cache: cache, cursors: cursors)
    let identifiers = IdentifierSource(clock: SystemWallClock())
    let idempotency = try configuration.idempotencyStore(over: database)
    let rates = RateCache(database)
    let carts = CartRoutes(
      store: CartStore(
        database, identifiers: identifiers, idempotency: idempotency, rates: rates,
        lifetimeSeconds: configuration.cartLifetime.components.seconds))
    let catalogueAdmin = CatalogueAdminRoutes(store: CatalogueAdminStore(database, idempotency: idempotency))
    let discounts = DiscountRoutes(
      store: DiscountStore(database, idempotency: idempotency, ids: identifiers), cursors: cursors)
    let stock = StockRoutes(store: StockStore(database, idempotency: idempotency), cursors: cursors)
    let flow = try Checkouts.flow(
      configuration, database: database, rates: rates, offers: offerWatch,
      report: CheckoutReport(metrics: CheckoutMetrics(registry), logger: logger).record)
    let checkouts = CheckoutRoutes(flow: flow)
    let orders = OrderRoutes(flow: flow, cursors: cursors)
    let parts: [(role: Role, routes: [Route])] = [
      (.product, catalogue.routes + catalogueAdmin.routes.map { $0.invalidating(cache) }),
      (.order, stock.routes.map { $0.invalidating(cache) } + carts.routes + discounts.routes + checkouts.routes + orders.routes),
    ]
    let routes =
      health(database: database, reader: reader, redis: redis).routes
      + parts.filter { configuration.role.includes($0.role) }.flatMap(\.routes)
      + [
        metrics(database), document.route,
      ]
    document.describe(routes)
    return routes
  }

  private func source(_ database: Database, _ reader: Database?) -> CatalogueSource {
    var near: (CatalogueStore, ReaderLag)?
    if let reader, let readerWatch { near = (CatalogueStore(reader), readerWatch.lag) }
    return CatalogueSource(writer: CatalogueStore(database), reader: near, coordination: coordination)
  }

  private func health(database: Database, reader: Database?, redis: Redis.Connection?) -> HealthRoutes {
    // Whether a region can serve is a matter of what is in the region.
    let deepCheck = DeepHealthCheck(database: reader ?? database)
    return HealthRoutes(
      readiness: readiness,
      degraded: {
        var degraded = database.statistics.isReachable ? [] : ["postgres"]
        if let reader, !reader.statistics.isReachable { degraded.append("reader") }
        if let redis, redis.statistics.isConnected.load(ordering: .relaxed) == false { degraded.append("redis") }
        return degraded
      },
      deep: { await deepCheck.passes() })
  }

  /// A loop's kept answers; for a worker, what it makes old.
  func cache(_ redis: Redis.Connection?, on loop: EventLoop) -> ResponseCache {
    var limits = ResponseCache.Limits()
    limits.isOn = configuration.catalogueCache
    return ResponseCache(on: loop, redis: redis, coordination: coordination, limits: limits)
  }

  private func metrics(_ database: Database) -> Route {
    let registry = registry
    let backlog =
      configuration.role.includes(.order) ? BacklogMetrics(BacklogStore(database), on: database.loop, in: registry) : nil
    return Route(.get, "/metrics", .readMetrics) { _ in
      await backlog?.refresh()
      return Response(200, contentType: "text/plain; version=0.0.4; charset=utf-8", registry.text())
    }
  }

  /// The counts that others keep, as series.
  func export(
    _ statistics: HTTPServer.Statistics, loops: [EventLoop], doors: [Admission] = [], databases: [Database],
    readers: [Database] = []
  ) {
    ServerMetrics.register(statistics, in: registry)
    AdmissionMetrics.register(doors, in: registry)
    for loop in loops {
      registry.gauge("shop_loop_lag_seconds", "How late the last due timer of the loop fired.", [("loop", loop.name)]) {
        let (seconds, attoseconds) = loop.lag.components
        return Double(seconds) + Double(attoseconds) / 1e18
      }
      registry.gauge("shop_loop_ready_jobs", "Jobs found waiting at the loop's last turn.", [("loop", loop.name)]) {
        Double(loop.readyJobs)
      }
      registry.counter("shop_loop_turns_total", "Turns of the loop.", [("loop", loop.name)]) { Double(loop.turnCount) }
    }
    DatabaseMetrics.register(databases, in: registry)
    DatabaseMetrics.register(readers, server: "reader", in: registry)
  }
}
