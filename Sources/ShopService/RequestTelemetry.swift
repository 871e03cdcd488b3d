import HTTPServer
import Logging
import Reactor
import ShopAPI
import Telemetry

/// Turns finished exchanges into log lines and series.
struct RequestTelemetry: Sendable {
  private let routes: [String]
  private let metrics: RouteMetrics
  /// Nil above level info.
  private let accessLog: AccessLog?
  private let logger: Logger

  init(routes: [Route], registry: MetricsRegistry, accessLog: AccessLog?, logger: Logger) {
    self.routes = routes.map(\.pattern)
    metrics = RouteMetrics(routes: routes.map { ($0.method.name, $0.pattern) }, in: registry)
    self.accessLog = accessLog
    self.logger = logger
  }

  func record(_ exchange: Exchange) {
    let (seconds, attoseconds) = exchange.duration.components
    let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    metrics.observe(route: exchange.route, status: exchange.status, microseconds: microseconds)
    accessLog?.write(
      AccessLog.Entry(
        requestID: exchange.requestID,
        traceID: exchange.request?.field("traceparent").flatMap { TraceContext(traceparent: $0)?.traceID },
        method: exchange.request?.method.name ?? "invalid",
        route: routes.indices.contains(exchange.route) ? routes[exchange.route] : "unrouted", status: exchange.status,
        microseconds: microseconds, bytesIn: exchange.bytesIn, bytesOut: exchange.bytesOut))
  }

  /// A fault that the client got a 5xx for: someone must look.
  func log(_ fault: any Error, requestID: String) {
    logger.error("request failed", metadata: ["request_id": "\(requestID)", "error": "\(fault)"])
  }
}
