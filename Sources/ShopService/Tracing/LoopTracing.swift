import HTTPClient
import Logging
import Postgres
import Reactor
import Redis
import Shop
import Telemetry

/// What one loop traces with; there is none without SHOP_OTLP_ENDPOINT.
struct LoopTracing: Sendable {
  let tracer: RecordingTracer
  let exporter: SpanExporter

  /// How long a process that ends waits for its last spans to be taken.
  static let lastExport = Duration.seconds(2)

  /// One for each of `loops`, or none at all.
  ///
  /// - Parameter service: how traces name this process: one name for each kind of process.
  static func make(
    _ configuration: Configuration, service: String, loops: [EventLoop], registry: MetricsRegistry, logger: Logger
  ) -> [LoopTracing] {
    guard let traces = configuration.traces else { return [] }
    let counts = TraceMetrics(registry)
    var random = SystemRandomNumberGenerator()
    var generator = UUIDv7.Generator()
    let instance = generator.next(milliseconds: SystemWallClock().now.milliseconds, using: &random)
    let document = SpanDocument(resource: [
      "service.namespace": "shop", "service.name": service, "service.version": version,
      "service.instance.id": "\(instance)", "deployment.environment.name": configuration.environment.rawValue,
    ])
    return loops.map { loop in
      let queue = SpanQueue(dropped: counts.crowded)
      return LoopTracing(
        tracer: RecordingTracer(queue, ratio: traces.ratio, random: SplitMix64(seed: random.next())),
        exporter: SpanExporter(queue, document, to: traces.collector, counts: counts, on: loop, logger: logger))
    }
  }
}

extension DatabaseOptions {
  func traced(by tracer: RecordingTracer?) -> DatabaseOptions {
    var options = self
    options.tracer = tracer
    return options
  }
}

extension Redis.Configuration {
  func traced(by tracer: RecordingTracer?) -> Redis.Configuration {
    var configuration = self
    configuration.tracer = tracer
    return configuration
  }
}

extension Role {
  /// How traces name the processes that serve it.
  var serviceName: String { self == .all ? "shop" : "shop-\(rawValue)" }
}
