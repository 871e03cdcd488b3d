/// Keeps requests from waiting for a Redis that does not answer: opens after some failures in a row, closes by a probe.
///
/// Requests never are the probe: the connection itself sends a PING a second while the circuit is open.
struct CircuitBreaker: Sendable {
  private let failuresUntilOpen: Int
  private var failures = 0
  private(set) var isOpen = false

  init(failuresUntilOpen: Int) { self.failuresUntilOpen = failuresUntilOpen }

  enum Change: Equatable {
    case none
    case opened
    case closed
  }

  mutating func succeeded() -> Change {
    failures = 0
    guard isOpen else { return .none }
    isOpen = false
    return .closed
  }

  mutating func failed() -> Change {
    guard !isOpen else { return .none }
    failures += 1
    guard failures >= failuresUntilOpen else { return .none }
    isOpen = true
    return .opened
  }
}
