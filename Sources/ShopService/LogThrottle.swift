import Reactor
import Synchronization

/// Lets one line of a kind through in ten seconds: what fails every moment is told, not repeated.
final class LogThrottle: Sendable {
  private static let interval = Duration.seconds(10)

  private let state = Mutex<(next: Instant?, suppressed: Int)>((nil, 0))

  /// - Parameter log: is given how many lines were left out since the last.
  func pass(_ log: (_ suppressed: Int) -> Void) {
    let now = Instant.measured()
    let suppressed = state.withLock { state -> Int? in
      if let next = state.next, now < next {
        state.suppressed += 1
        return nil
      }
      defer { state = (now + Self.interval, 0) }
      return state.suppressed
    }
    if let suppressed { log(suppressed) }
  }
}
