import Admission
import Telemetry

/// The series of the doors: one for each loop, since each finds its own limit.
enum AdmissionMetrics {
  static func register(_ doors: [Admission], in registry: MetricsRegistry) {
    for door in doors {
      let (loop, statistics) = (door.loop.name, door.statistics)
      let gauges: [(String, String, @Sendable () -> Int)] = [
        ("shop_admission_limit", "Requests that the loop works on at a time.", { statistics.limit.load(ordering: .relaxed) }),
        ("shop_admission_under_way", "Requests that are being worked on.", { statistics.underWay.load(ordering: .relaxed) }),
        ("shop_admission_waiting", "Requests in line for a place.", { statistics.waiting.load(ordering: .relaxed) }),
      ]
      for (name, help, value) in gauges { registry.gauge(name, help, [("loop", loop)]) { Double(value()) } }
      for priority in Priority.allCases {
        let labels = [("loop", loop), ("priority", priority.name)]
        registry.counter("shop_admission_admitted_total", "Requests let in.", labels) { Double(statistics.admitted(priority)) }
        for reason in AdmissionStatistics.Reason.allCases {
          registry.counter(
            "shop_admission_refused_total", "Requests answered 503 since there was no place for them.",
            labels + [("reason", reason.name)]
          ) { Double(statistics.refused(priority, reason)) }
        }
      }
    }
  }
}
