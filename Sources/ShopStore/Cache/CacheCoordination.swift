import Reactor
import Synchronization

/// What the loops' response caches share: the rebuilds under way, and which generation of the catalogue holds.
package final class CacheCoordination: Sendable {
  let flights = SingleFlight<CachedResponse>()
  /// Redis' generation counter, as last read or written.
  let generation = Atomic<Int64>(0)
  /// Grows with each change of the catalogue that is known here: answers of an earlier epoch are stale on every loop.
  let epoch = Atomic<Int>(0)
  /// Nanoseconds of the monotonic clock until which Redis may hold answers from before a change that it was not told of.
  let distrustsRedisUntil = Atomic<UInt64>(0)

  package init() {}

  func adopt(_ generation: Int64) {
    guard self.generation.exchange(generation, ordering: .acquiringAndReleasing) != generation else { return }
    epoch.add(1, ordering: .acquiringAndReleasing)
  }
}
