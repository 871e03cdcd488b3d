import Glibc

/// A moment of the monotonic clock, in nanoseconds since an arbitrary start.
package struct Instant: Comparable, Hashable, Sendable {
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static func measured() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }

  package static let distantFuture = Instant(nanoseconds: .max)

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Saturates at both ends, so that a deadline computed from settings can never wrap.
  package static func + (left: Instant, right: Duration) -> Instant {
    let (seconds, attoseconds) = right.components
    let delta = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !delta.overflow else { return seconds > 0 ? .distantFuture : Instant(nanoseconds: 0) }
    let total = delta.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard !total.overflow else { return .distantFuture }
    if total.partialValue >= 0 {
      let (sum, overflow) = left.nanoseconds.addingReportingOverflow(UInt64(total.partialValue))
      return overflow ? .distantFuture : Instant(nanoseconds: sum)
    }
    let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(total.partialValue.magnitude)
    return Instant(nanoseconds: overflow ? 0 : difference)
  }

  package static func - (left: Instant, right: Instant) -> Duration {
    left >= right
      ? .nanoseconds(Int64(clamping: left.nanoseconds - right.nanoseconds))
      : .nanoseconds(-Int64(clamping: right.nanoseconds - left.nanoseconds))
  }
}
