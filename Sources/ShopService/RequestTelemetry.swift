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
  private let allowance = LineAllowance()

  init(routes: [Route], registry: MetricsRegistry, loop: String, accessLog: AccessLog?, logger: Logger) {
    self.routes = routes.map(\.pattern)
    metrics = RouteMetrics(routes: routes.map { ($0.method.name, $0.pattern) }, in: registry)
    self.accessLog = accessLog
    self.logger = logger
    let allowance = allowance
    registry.counter(
      "shop_log_suppressed_lines_total", "Lines about requests turned away that were not written.", [("loop", loop)]
    ) {
      Double(allowance.suppressed.load(ordering: .relaxed))
    }
  }

  func record(_ exchange: Exchange) {
    let (seconds, attoseconds) = exchange.duration.components
    let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    metrics.observe(route: exchange.route, status: exchange.status, microseconds: microseconds)
    guard let accessLog else { return }
    if Self.isTurnedAway(exchange), !allowance.isGranted() { return }
    accessLog.write(
      AccessLog.Entry(
        requestID: exchange.requestID,
        traceID: exchange.request?.field("traceparent").flatMap { TraceContext(traceparent: $0)?.traceID },
        method: exchange.request?.method.name ?? "invalid",
        route: routes.indices.contains(exchange.route) ? routes[exchange.route] : "unrouted", status: exchange.status,
        microseconds: microseconds, bytesIn: exchange.bytesIn, bytesOut: exchange.bytesOut))
  }

  /// Bytes that were no request, and requests that were one too many: who sends those sends many.
  private static func isTurnedAway(_ exchange: Exchange) -> Bool {
    exchange.request == nil || exchange.status == 429 || exchange.status == 503
  }

  /// A fault that the client got a 5xx for: someone must look.
  func log(_ fault: any Error, requestID: String) {
    logger.error("request failed", metadata: ["request_id": "\(requestID)", "error": "\(fault)"])
  }
}
