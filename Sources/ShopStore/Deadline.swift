import Reactor

/// The moment by which a command must be done, on the monotonic clock; handlers get it from their route's budget.
package typealias Deadline = Instant

extension Deadline {
  /// What a budget leaves from `start`.
  package static func after(_ budget: Duration, from start: Deadline) -> Deadline { start + budget }

  /// What a budget leaves from now.
  package static func within(_ budget: Duration) -> Deadline { .measured() + budget }

  /// From `now` until then; nothing when it has passed.
  package func remaining(at now: Deadline = .measured()) -> Duration { max(self - now, .zero) }

  package func earlier(by duration: Duration) -> Deadline { self + (.zero - duration) }
}
