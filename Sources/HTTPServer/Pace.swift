/// How slowly a request may come, or an answer be taken: the whole within `total`, and at `rate` bytes a second on average once
/// `grace` is over.
struct Pace: Sendable {
  let grace: Duration
  let rate: Int
  let total: Duration

  func allows(_ bytes: Int, after elapsed: Duration) -> Bool {
    guard elapsed < total else { return false }
    guard elapsed >= grace else { return true }
    let (seconds, attoseconds) = elapsed.components
    return bytes >= Int(seconds) * rate + Int(Double(attoseconds) / 1e18 * Double(rate))
  }

  /// When to look again.
  func next(after elapsed: Duration) -> Duration {
    if elapsed < grace { return min(grace, total) - elapsed }
    return max(.milliseconds(10), min(.seconds(1), total - elapsed))
  }
}
