/// The series of the HTTP server: rate, errors and duration for each route, resolved once, so that a request looks nothing up.
package final class RouteMetrics: Sendable {
  private struct Entry: Sendable {
    /// One counter for each hundred of the status.
    let byClass: [CounterInstrument]
    let duration: HistogramInstrument
  }

  private let entries: [Entry]
  private let unrouted: Entry

  /// - Parameter routes: method and pattern, in the order of the indices that `observe` gets.
  package init(routes: [(method: String, pattern: String)], in registry: MetricsRegistry) {
    func entry(_ method: String, _ pattern: String) -> Entry {
      Entry(
        byClass: (1...5).map { hundred in
          registry.counter(
            "shop_http_requests_total", "Requests answered, by route pattern, method and class of status.",
            [("route", pattern), ("method", method), ("status", "\(hundred)xx")])
        },
        duration: registry.histogram(
          "shop_http_request_duration_seconds", "Seconds from the last byte of a request to the last byte of its answer.",
          [("route", pattern), ("method", method)]))
    }
    entries = routes.map { entry($0.method, $0.pattern) }
    unrouted = entry("any", "unrouted")
  }

  /// - Parameter route: place in the table; any other counts as unrouted.
  package func observe(route: Int, status: Int, microseconds: Int) {
    let entry = entries.indices.contains(route) ? entries[route] : unrouted
    entry.byClass[max(0, min(4, status / 100 - 1))].add()
    entry.duration.observe(millionths: microseconds)
  }
}
