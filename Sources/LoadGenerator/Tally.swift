/// Latencies of one kind in one phase, by what came of the requests.
struct Tally {
  enum Outcome: Int, CaseIterable {
    /// Answered, answered 503, 429, anything else, not answered, and not sent since no connection was free for too long.
    case done, refused, limited, failed, broken, abandoned

    init(status: Int) {
      switch status {
      case 200..<400: self = .done
      case 503: self = .refused
      case 429: self = .limited
      case 0: self = .broken
      default: self = .failed
      }
    }
  }

  private var microseconds = Outcome.allCases.map { _ in [UInt32]() }

  mutating func add(_ outcome: Outcome, _ latency: UInt32) { microseconds[outcome.rawValue].append(latency) }

  /// `"done":{"count":…,"p50_ms":…,"p99_ms":…,"max_ms":…},…`
  var json: String {
    Outcome.allCases.compactMap { outcome in
      let sorted = microseconds[outcome.rawValue].sorted()
      guard let longest = sorted.last else { return nil }
      func milliseconds(_ share: Double) -> Double { Double(sorted[Int(Double(sorted.count - 1) * share)]) / 1000 }
      return "\"\(outcome)\":{\"count\":\(sorted.count),\"p50_ms\":\(milliseconds(0.5)),\"p99_ms\":\(milliseconds(0.99)),"
        + "\"max_ms\":\(Double(longest) / 1000)}"
    }.joined(separator: ",")
  }
}
