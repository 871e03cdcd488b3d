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

  /// When the catalogue last changed, as far as is known here: what is built from now on must show it.
  private let changed = Atomic<UInt64>(0)
  var changedAt: Instant { Instant(nanoseconds: changed.load(ordering: .acquiring)) }

  /// The catalogue has changed by now: what was built before is stale on every loop.
  func noteChange() {
    changed.store(Instant.measured().nanoseconds, ordering: .releasing)
    epoch.add(1, ordering: .acquiringAndReleasing)
  }

  /// Nanoseconds of the monotonic clock when this process last raised the generation.
  private let raisedAt = Atomic<UInt64>(0)

  /// What Redis answered to a raise.
  func raise(_ generation: Int64) {
    raisedAt.store(Instant.measured().nanoseconds, ordering: .releasing)
    adopt(generation)
  }

  /// What Redis answered to a question of `asked`: nothing new where a raise was answered meanwhile, for the two may have crossed.
  func learn(_ generation: Int64, asked: Instant) {
    guard asked.nanoseconds > raisedAt.load(ordering: .acquiring) else { return }
    adopt(generation)
  }

  private func adopt(_ generation: Int64) {
    guard self.generation.exchange(generation, ordering: .acquiringAndReleasing) != generation else { return }
    noteChange()
  }
}
