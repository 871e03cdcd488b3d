import Reactor
import Tracing

/// A moment of the loop's clock, by the wall's.
struct SpanTime: TracerInstant {
  let nanosecondsSinceEpoch: UInt64

  init(nanosecondsSinceEpoch: UInt64) { self.nanosecondsSinceEpoch = nanosecondsSinceEpoch }

  init(_ instant: Instant) {
    let age = Instant.measured().nanoseconds &- instant.nanoseconds
    nanosecondsSinceEpoch = DefaultTracerClock.now.nanosecondsSinceEpoch &- age
  }

  static func < (left: SpanTime, right: SpanTime) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
}
