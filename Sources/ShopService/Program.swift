import Admission
import CoreMetrics
import Glibc
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

/// The running program: loops, databases, server; started as one, drained as one.
package final class Program: Sendable {
  package let configuration: Configuration
  private let loops: [EventLoop]
  private let databases: [Database]
  /// Of this region's reader; empty without SHOP_DATABASE_READ_URL.
  private let readers: [Database]
  private let caches: [Redis.Connection]
  /// One a loop; none without SHOP_OTLP_ENDPOINT.
  private let tracing: [LoopTracing]
  private let server: Server
  private let readiness = Readiness()
  private let sink: LogSink
  private let logger: Logger
  /// Nil with SHOP_WORKER=off.
  private let worker: Worker?
  /// Nil where the offers are this database's own.
  private let offerWatch: OfferWatch?
  /// Nil without a reader.
  private let readerWatch: ReaderWatch?

  /// The address that it really listens on: port 0 has become one that was free.
  package var address: SocketAddress? { server.addresses.first }

  /// Builds everything and binds the port; nothing is accepted before `start`. Signals must be blocked by then: threads are made.
  package init(_ configuration: Configuration, sink: LogSink) throws {
    self.configuration = configuration
    self.sink = sink
    let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
    let logger = Logger(label: "shop") { JSONLogHandler(label: $0, sink: sink, level: level) }
    self.logger = logger
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry, version: version, role: configuration.role.rawValue)
    // Levels that know swift-metrics only write into the same registry; a second program in this process keeps the first one's.
    Self.bootstrapMetrics(registry)
    sink.register(in: registry)
    let (connections, descriptors) = (configuration.server.limits.ofServer.connections, DescriptorLimit.raise())
    if descriptors < connections + Self.otherDescriptors {
      logger.warning(
        "fewer descriptors than connections: accepting will pause when they are used up",
        metadata: ["descriptors": "\(descriptors)", "SHOP_MAX_CONNECTIONS": "\(connections)"])
    }
    loops = try (0..<configuration.loops).map { try EventLoop(name: "loop-\($0)") }
    for loop in loops { try loop.start() }

    let loops = loops
    let tracing = LoopTracing.make(
      configuration, service: configuration.role.serviceName, loops: loops, registry: registry, logger: logger)
    self.tracing = tracing
    let tracers: [RecordingTracer?] = tracing.isEmpty ? loops.map { _ in nil } : tracing.map(\.tracer)
    let options = try DatabaseOptions(configuration.database, deadlines: configuration.deadlines, logger: logger)
    databases = zip(loops, tracers).map { Database(options.traced(by: $1), loop: $0) }
    let readOptions = try configuration.database.readURL.map {
      try DatabaseOptions(configuration.database, url: $0, deadlines: configuration.deadlines, logger: logger)
    }
    readers = readOptions.map { options in zip(loops, tracers).map { Database(options.traced(by: $1), loop: $0) } } ?? []
    let redis = try configuration.redis.map { try Redis.Configuration($0) }
    let attempts = LogThrottle()
    let caches =
      redis.map { redis in
        zip(loops, tracers).map { loop, tracer in
          Redis.Connection(redis.traced(by: tracer), on: loop) { CacheMetrics.log($0, logger, attempts) }
        }
      } ?? []
    self.caches = caches
    offerWatch = configuration.role == .order ? OfferWatch(store: DoorStore(databases[0]), loop: loops[0], logger: logger) : nil
    offerWatch?.register(in: registry)
    readerWatch = readers.first.map {
      ReaderWatch(store: DoorStore($0), limit: configuration.database.readMaximumLag, loop: $0.loop, logger: logger)
    }
    readerWatch?.register(in: registry)
    let assembly = Assembly(
      configuration: configuration, registry: registry, readiness: readiness, offerWatch: offerWatch,
      readerWatch: readerWatch, logger: logger, accessLog: level <= .info ? AccessLog(sink) : nil)
    let doors = loops.map { Admission(on: $0, configuration.admission) }
    let tls = try configuration.server.tls.map {
      try TLSContext.server(certificateFile: $0.certificateFile, keyFile: $0.keyFile)
    }
    server = try Server(
      host: configuration.server.host, port: configuration.server.port, loops: loops,
      services: try loops.indices.map { [databases, readers] in
        try assembly.service(
          database: databases[$0], reader: readers.isEmpty ? nil : readers[$0], redis: caches.isEmpty ? nil : caches[$0],
          admission: doors[$0], tracer: tracers[$0])
      }, limits: configuration.server.limits.ofServer, tls: tls)
    worker =
      configuration.runsWorker
      ? Worker(
        jobs: try Worker.jobs(
          of: configuration, database: databases[0], cache: assembly.cache(caches.first, on: loops[0]),
          report: CheckoutReport(metrics: CheckoutMetrics(registry), logger: logger).record),
        loop: loops[0], logger: logger, tracer: tracers[0]) : nil
    assembly.export(server.statistics, loops: loops, doors: doors, databases: databases, readers: readers)
    CacheMetrics.register(caches, in: registry)
  }

  /// For databases, Redis and what else is no client.
  private static let otherDescriptors = 100

  private static let isBootstrapped = Mutex(false)

  private static func bootstrapMetrics(_ registry: MetricsRegistry) {
    isBootstrapped.withLock { isDone in
      guard !isDone else { return }
      isDone = true
      MetricsSystem.bootstrap(RegistryMetricsFactory(registry))
    }
  }

  /// Connects, accepts, and tells that it is ready.
  package func start() async throws {
    for database in databases + readers { database.start() }
    for cache in caches { await cache.start() }
    for part in tracing { await part.exporter.start() }
    try await server.start()
    try await reachDatabase()
    worker?.start()
    offerWatch?.start()
    readerWatch?.start()
    readiness.didStart()
    logger.notice(
      "ready",
      metadata: [
        "address": "\(address.map { "\($0)" } ?? "")", "loops": "\(loops.count)", "role": "\(configuration.role.rawValue)",
        "version": "\(version)",
      ])
  }

  /// Ready means that the database was reached once and has the schema that this version needs.
  private func reachDatabase() async throws {
    var isToldOnce = false
    while !readiness.isDraining {
      do {
        try await SchemaCheck.run(databases[0], for: configuration.role)
        try await checkSearch()
        return
      } catch let error
        where error is SchemaCheck.Outdated || error is SchemaCheck.WrongRole || error is SearchLanguage.Unknown
      {
        throw error
      } catch {
        if !isToldOnce { logger.warning("waiting for the database", metadata: ["error": "\(error)"]) }
        isToldOnce = true
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// What is found may be in another language until `shop migrate` has run, but it is found.
  private func checkSearch() async throws {
    let language = configuration.searchLanguage
    guard configuration.role.includes(.product),
      try await !SearchLanguage(databases[0]).isConfigured(language, deadline: .measured() + .seconds(2))
    else { return }
    logger.warning("the search is in another language: run `shop migrate`", metadata: ["SHOP_SEARCH_LANGUAGE": "\(language)"])
  }

  /// Ends in order: keeps the door open for `drainGrace`, finishes what is under way, closes the pools. True when nothing was cut.
  package func drain(because reason: String = "asked to") async -> Bool {
    logger.notice("draining", metadata: ["reason": "\(reason)"])
    readiness.willDrain()
    let deadline = Instant.measured() + configuration.server.drainDeadline
    await server.beginDrain()
    async let workerStopped: Void? = worker?.stop(until: deadline)
    // No load balancer sends requests to a process that was never ready.
    if readiness.hasStarted { try? await Task.sleep(for: configuration.server.drainGrace) }
    let isClean = await server.finishDrain(until: deadline)
    await workerStopped
    await offerWatch?.stop()
    await readerWatch?.stop()
    // The last spans get a moment of their own: a collector that hangs must not use up what ECS allows.
    let end = Instant.measured() + LoopTracing.lastExport
    for part in tracing { await part.exporter.finish(until: end) }
    for database in databases + readers { await database.close(deadline: deadline) }
    for cache in caches { await cache.close() }
    for loop in loops {
      loop.stop()
      loop.join()
    }
    logger.notice("stopped", metadata: ["clean": "\(isClean)"])
    sink.flush()
    return isClean
  }

  /// Serves until SIGTERM or SIGINT arrives on `control`, the calling loop; true when every request was answered.
  package func runUntilSignalled(on control: EventLoop) async throws -> Bool {
    let starting = Task(executorPreference: control) {
      do {
        try await self.start()
        return true
      } catch {
        self.logger.critical("cannot start", metadata: ["error": "\(error)"])
        // Ends the wait below.
        kill(getpid(), SIGTERM)
        return false
      }
    }
    let signal = try await Self.signal(on: control)
    let hadStarted = readiness.hasStarted
    let isClean = await drain(because: "signal \(signal)")
    return await starting.value && hadStarted && isClean
  }

  package static let signals = [SIGTERM, SIGINT]

  /// The next of `signals`; those after it are taken and ignored, for a drain is under way.
  static func signal(on control: EventLoop) async throws -> Int32 {
    try await withUnsafeThrowingContinuation { continuation in
      var pending: UnsafeContinuation<Int32, any Error>? = continuation
      do {
        // The loop's registration keeps the source as long as the process runs.
        _ = try SignalSource(signals, on: control) { signal in
          pending?.resume(returning: signal)
          pending = nil
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}

/// The version that logs, metrics and `--version` name.
package let version = "0.1.0"
