import Synchronization

/// What has happened on one connection since the start; written by its loop, read from any thread.
package final class Statistics: Sendable {
  package let commands = Atomic<UInt64>(0)
  package let replies = Atomic<UInt64>(0)
  /// Replies that came after their deadline and were dropped.
  package let lateReplies = Atomic<UInt64>(0)
  package let timeouts = Atomic<UInt64>(0)
  /// Commands refused without sending: not connected, circuit open, queue full.
  package let refusals = Atomic<UInt64>(0)
  package let serverErrors = Atomic<UInt64>(0)
  package let connects = Atomic<UInt64>(0)
  package let connectFailures = Atomic<UInt64>(0)
  /// Established connections that ended other than by `close`.
  package let losses = Atomic<UInt64>(0)
  package let circuitOpenings = Atomic<UInt64>(0)
  /// write(2) calls or their TLS like; commands ÷ writes is the depth of batching.
  package let writes = Atomic<UInt64>(0)
  package let isConnected = Atomic<Bool>(false)
  package let isCircuitOpen = Atomic<Bool>(false)
}

extension Atomic<UInt64> {
  /// Adds `count`; only sums are read, so no order is needed.
  func count(_ count: Int = 1) { add(UInt64(count), ordering: .relaxed) }
}
