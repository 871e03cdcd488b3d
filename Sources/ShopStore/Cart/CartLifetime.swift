import Postgres
import Shop

/// How long a cart lives after its last change.
struct CartLifetime: Sendable {
  let seconds: Int64

  func end(from now: Timestamp) -> Timestamp { now.adding(seconds: seconds) }

  /// An expiry before the first moves to the second.
  func renewal(at now: Timestamp) -> [Parameter] {
    [.value(now.adding(seconds: seconds - min(3_600, seconds / 24))), .value(end(from: now))]
  }
}
