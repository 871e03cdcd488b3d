/// Pauses between attempts: exponential with full jitter, bounded.
struct Backoff {
  private var ceiling: Duration
  private let first: Duration
  private let longest: Duration

  init(first: Duration = .milliseconds(50), longest: Duration) {
    self.first = first
    self.longest = longest
    ceiling = first
  }

  mutating func next() -> Duration {
    defer { ceiling = min(ceiling * 2, longest) }
    return .nanoseconds(Int64.random(in: 0...max(1, ceiling.nanoseconds)))
  }

  mutating func reset() { ceiling = first }
}

extension Duration {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
