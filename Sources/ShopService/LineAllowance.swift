import Reactor
import Synchronization

/// How many lines a second one loop writes about requests that were turned away or never were any: those beyond are counted only.
/// What a hostile client makes us write shall not hide what else happens, nor cost more than it did.
///
/// One a loop, so its lock is never waited for.
final class LineAllowance: Sendable {
  private static let perSecond = 20

  private let state = Mutex<(second: UInt64, left: Int)>((0, 0))
  /// Lines not written.
  let suppressed = Atomic<Int>(0)

  func isGranted(at now: Instant = .measured()) -> Bool {
    let second = now.nanoseconds / 1_000_000_000
    let isGranted = state.withLock { state in
      if state.second != second { state = (second, Self.perSecond) }
      state.left -= 1
      return state.left >= 0
    }
    if !isGranted { suppressed.add(1, ordering: .relaxed) }
    return isGranted
  }
}
