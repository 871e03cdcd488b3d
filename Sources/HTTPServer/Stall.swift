import Reactor

/// A client that does not take what there is for it, from the moment at which the kernel took no more.
struct Stall {
  let since: Instant
  /// What waited then, as the worker counts it.
  let bytes: Int
  /// What the client had taken by then, and at the last look; nil where the kernel does not say.
  private let takenBefore: Int?
  private var takenLast: Int?

  init(since: Instant, bytes: Int, taken: Int?) {
    self.since = since
    self.bytes = bytes
    takenBefore = taken
    takenLast = taken
  }

  /// Whether the client has taken something since the last look, and enough since the beginning. A slow one is not a stalled one: the
  /// kernel tells of room only once much of its buffer is free.
  mutating func takesEnough(_ taken: Int?, at now: Instant, _ pace: Pace) -> Bool {
    guard let taken, let takenBefore, let last = takenLast, taken > last else { return false }
    takenLast = taken
    return pace.allows(taken - takenBefore, after: now - since)
  }
}
