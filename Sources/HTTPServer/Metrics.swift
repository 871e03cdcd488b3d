import Synchronization

/// Counts of one server, shared by its loops; read by whoever exports them.
package final class Statistics: Sendable {
  /// Open connections now.
  package let open = Atomic<Int>(0)
  package let accepted = Atomic<Int>(0)
  /// Answered 503 and closed, being one too many.
  package let refused = Atomic<Int>(0)
  /// Times that accepting paused since the process was out of descriptors.
  package let acceptPauses = Atomic<Int>(0)
  /// Bytes that were no HTTP.
  package let malformed = Atomic<Int>(0)
  /// Cut for being slower than the limits allow.
  package let timedOut = Atomic<Int>(0)
  package let handshakeFailures = Atomic<Int>(0)

  package init() {}
}
