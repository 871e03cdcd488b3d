import HTTPServer
import Logging
import Postgres
import Reactor
import Redis
import ShopAPI
import ShopStore
import Telemetry

/// The worker as a program of its own, on one loop.
package enum WorkerProgram {
  /// - Parameter listens: whether its health and its series are served where a server would listen.
  package static func run(_ configuration: Configuration, listens: Bool, sink: LogSink, on control: EventLoop) async throws {
    let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
    let logger = Logger(label: "shop.worker") { JSONLogHandler(label: $0, sink: sink, level: level) }
    let registry = MetricsRegistry()
    let tracing = LoopTracing.make(configuration, service: "shop-worker", loops: [control], registry: registry, logger: logger)
      .first
    let options = try DatabaseOptions(configuration.database, deadlines: configuration.deadlines, logger: logger)
    let database = Database(options.traced(by: tracing?.tracer), loop: control)
    ProcessMetrics.register(in: registry, version: version, role: configuration.role.rawValue)
    sink.register(in: registry)
    let readiness = Readiness()
    let server = listens ? try server(configuration, database, registry, readiness, logger) : nil
    database.start()
    try await SchemaCheck.run(database, for: configuration.role)
    let metrics = listens ? CheckoutMetrics(registry) : nil
    let attempts = LogThrottle()
    let redis = try configuration.redis.map {
      let configuration = try Redis.Configuration($0).traced(by: tracing?.tracer)
      return Redis.Connection(configuration, on: control) { CacheMetrics.log($0, logger, attempts) }
    }
    let jobs = try Worker.jobs(
      of: configuration, database: database, cache: ResponseCache(on: control, redis: redis, coordination: CacheCoordination()),
      report: CheckoutReport(metrics: metrics, logger: logger).record)
    await redis?.start()
    await tracing?.exporter.start()
    let worker = Worker(jobs: jobs, loop: control, logger: logger, tracer: tracing?.tracer)
    worker.start()
    readiness.didStart()
    try await server?.start()
    let address = server?.addresses.first.map { "\($0)" } ?? ""
    logger.notice("worker started", metadata: ["role": "\(configuration.role.rawValue)", "address": "\(address)"])
    let signal = try await Program.signal(on: control)
    logger.notice("signal received", metadata: ["signal": "\(signal)"])
    let deadline = Instant.measured() + configuration.server.drainDeadline
    readiness.willDrain()
    await worker.stop(until: deadline)
    // Whoever scrapes it comes again elsewhere: nothing is worth waiting for.
    _ = await server?.finishDrain(until: .measured() + .seconds(1))
    await tracing?.exporter.finish(until: .measured() + LoopTracing.lastExport)
    await database.close(deadline: deadline)
    await redis?.close()
    sink.flush()
  }

  private static func server(
    _ configuration: Configuration, _ database: Database, _ registry: MetricsRegistry, _ readiness: Readiness, _ logger: Logger
  ) throws -> Server {
    let assembly = Assembly(
      configuration: configuration, registry: registry, readiness: readiness, logger: logger, accessLog: nil)
    let server = try Server(
      host: configuration.server.host, port: configuration.server.port, loops: [database.loop],
      services: [assembly.watchService(database: database)], limits: Limits())
    assembly.export(server.statistics, loops: [database.loop], databases: [database])
    return server
  }
}
