import HTTPServer
import Telemetry

/// The series of the server's connections, with one for each reason for which a client is cut or refused.
enum ServerMetrics {
  static func register(_ statistics: HTTPServer.Statistics, in registry: MetricsRegistry) {
    func count(_ name: String, _ help: String, _ labels: MetricsRegistry.Labels = [], _ value: @escaping @Sendable () -> Int) {
      registry.counter(name, help, labels) { Double(value()) }
    }
    registry.gauge("shop_http_connections", "Open client connections.") { Double(statistics.open.load(ordering: .relaxed)) }
    count("shop_http_connections_accepted_total", "Client connections accepted.") { statistics.accepted.load(ordering: .relaxed) }
    count("shop_http_accept_pauses_total", "Times that accepting paused for want of descriptors.") {
      statistics.acceptPauses.load(ordering: .relaxed)
    }
    count("shop_http_malformed_requests_total", "Byte sequences that were no acceptable request.") {
      statistics.malformed.load(ordering: .relaxed)
    }
    count("shop_http_connections_used_up_total", "Connections ended after as many requests as one may have.") {
      statistics.usedUp.load(ordering: .relaxed)
    }
    count("shop_tls_handshake_failures_total", "TLS handshakes that failed.") {
      statistics.handshakeFailures.load(ordering: .relaxed)
    }
    for reason in HTTPServer.Statistics.Refusal.allCases {
      count("shop_http_connections_refused_total", "Connections refused, being one too many.", [("reason", "\(reason)")]) {
        statistics.count(of: reason)
      }
    }
    for reason in HTTPServer.Statistics.Cut.allCases {
      count("shop_http_timeouts_total", "Connections cut for being slower than the limits.", [("reason", "\(reason)")]) {
        statistics.count(of: reason)
      }
    }
    for reason in HTTPServer.Statistics.Excess.allCases {
      count("shop_http_requests_refused_total", "Requests refused for being more than the limits.", [("reason", "\(reason)")]) {
        statistics.count(of: reason)
      }
    }
  }
}
