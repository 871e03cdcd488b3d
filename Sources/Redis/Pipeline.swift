import Reactor

/// Who waits for which reply: Redis answers in the order of asking, so a queue tells it all.
///
/// One that has given up keeps its place until its reply has come, which is then dropped.
struct Pipeline<Waiter> {
  private struct Entry {
    var waiter: Waiter?
    let deadline: Instant
  }
  private var entries: [Entry] = []
  private var head = 0

  /// Replies outstanding, the late ones included.
  var count: Int { entries.count - head }

  enum Receiver {
    case waiting(Waiter)
    /// The one who asked has given up.
    case late
    /// Nobody asked.
    case nobody
  }

  mutating func append(_ waiter: Waiter, deadline: Instant) { entries.append(Entry(waiter: waiter, deadline: deadline)) }

  /// Whose the next reply is.
  mutating func receiveNext() -> Receiver {
    guard head < entries.count else { return .nobody }
    let waiter = entries[head].waiter
    entries[head].waiter = nil
    head += 1
    if head == entries.count {
      entries.removeAll(keepingCapacity: entries.capacity <= 256)
      head = 0
    } else if head >= 256 && head * 2 >= entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return waiter.map { .waiting($0) } ?? .late
  }

  /// Those whose deadline has passed; they stop waiting.
  mutating func expire(at now: Instant) -> [Waiter] {
    var expired: [Waiter] = []
    for index in head..<entries.count where entries[index].deadline <= now {
      guard let waiter = entries[index].waiter else { continue }
      entries[index].waiter = nil
      expired.append(waiter)
    }
    return expired
  }

  /// The soonest deadline of those who still wait.
  var nextDeadline: Instant? {
    var soonest: Instant?
    for entry in entries[head...] where entry.waiter != nil { soonest = min(soonest ?? entry.deadline, entry.deadline) }
    return soonest
  }

  /// Empties the queue; gives those who still wait.
  mutating func removeAll() -> [Waiter] {
    defer {
      entries = []
      head = 0
    }
    return entries[head...].compactMap(\.waiter)
  }
}
