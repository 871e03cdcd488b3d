import HTTPServer
import Logging
import Reactor
import ShopAPI
import Telemetry
import Tracing

/// Turns finished exchanges into log lines and series.
struct RequestTelemetry: Sendable {
  private let routes: [String]
  private let metrics: RouteMetrics
  /// Nil above level info.
  private let accessLog: AccessLog?
  private let logger: Logger
  private let role: String
  private let allowance = LineAllowance()

  init(
    routes: [Route], role: Role, registry: MetricsRegistry, loop: String, accessLog: AccessLog?, logger: Logger
  ) {
    self.role = role.rawValue
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
    let span = exchange.companion as? RecordedSpan
    if let span { end(span, exchange, nanoseconds: UInt64(clamping: microseconds) * 1_000) }
    guard let accessLog else { return }
    if Self.isTurnedAway(exchange), !allowance.isGranted() { return }
    accessLog.write(
      AccessLog.Entry(
        requestID: exchange.requestID,
        traceID: span?.trace.traceID
          ?? exchange.request?.head.rawField("traceparent").flatMap { TraceContext(traceparent: $0)?.traceID },
        method: exchange.request?.method.name ?? "invalid",
        route: route(exchange.route) ?? "unrouted", status: exchange.status,
        microseconds: microseconds, bytesIn: exchange.bytesIn, bytesOut: exchange.bytesOut))
  }

  private func route(_ index: Int) -> String? { routes.indices.contains(index) ? routes[index] : nil }

  /// By the semantic conventions of OpenTelemetry for HTTP servers; without the path, which may hold what is nobody's business.
  private func end(_ span: RecordedSpan, _ exchange: Exchange, nanoseconds: UInt64) {
    let route = route(exchange.route)
    let method = exchange.request?.method.name ?? "HTTP"
    if let route { span.operationName = "\(method) \(route)" }
    span.updateAttributes { attributes in
      attributes["http.request.method"] = method
      attributes["http.route"] = route
      attributes["http.response.status_code"] = exchange.status
      attributes["http.request.body.size"] = exchange.bytesIn
      attributes["http.response.body.size"] = exchange.bytesOut
      attributes["shop.role"] = role
      attributes["shop.request_id"] = exchange.requestID
      if exchange.status >= 500 { attributes["error.type"] = "\(exchange.status)" }
    }
    // To a server a 4xx is an answer like any other.
    if exchange.status >= 500 { span.setStatus(SpanStatus(code: .error)) }
    span.end(at: SpanTime(nanosecondsSinceEpoch: span.start &+ nanoseconds))
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
