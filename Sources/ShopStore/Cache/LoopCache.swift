import Reactor

/// A loop's own answers of the last moment, bounded in bytes; the clock hand evicts what was not asked for since its last round.
///
/// Past its time an answer is kept while there is room: it is better than none when the source cannot be reached.
struct LoopCache {
  private struct Entry {
    let key: String
    let value: CachedResponse
    let epoch: Int
    let storedAt: Instant
    var wasUsed: Bool
    let cost: Int
  }

  let capacity: Int
  let freshTime: Duration
  let confirmedTime: Duration
  let staleTime: Duration
  private var slots: [Entry?] = []
  private var free: [Int] = []
  private var index: [String: Int] = [:]
  private var hand = 0
  private(set) var cost = 0

  init(capacity: Int, freshTime: Duration, confirmedTime: Duration, staleTime: Duration) {
    self.capacity = capacity
    self.freshTime = freshTime
    self.confirmedTime = confirmedTime
    self.staleTime = staleTime
  }

  var count: Int { index.count }

  enum Found: Equatable {
    case fresh(CachedResponse)
    /// As good as fresh if nothing has been changed since, which the shared generation tells.
    case unconfirmed(CachedResponse)
    case stale(CachedResponse)
  }

  /// An answer of another `epoch` is stale, however young.
  mutating func find(_ key: String, epoch: Int, at now: Instant) -> Found? {
    guard let slot = index[key], let entry = slots[slot] else { return nil }
    let age = now - entry.storedAt
    guard age < staleTime else {
      remove(slot)
      return nil
    }
    slots[slot]?.wasUsed = true
    guard entry.epoch == epoch, age < max(freshTime, confirmedTime) else { return .stale(entry.value) }
    return age < freshTime ? .fresh(entry.value) : .unconfirmed(entry.value)
  }

  mutating func store(_ value: CachedResponse, for key: String, epoch: Int, at now: Instant) {
    if let slot = index[key] { remove(slot) }
    // The dictionary's and the arrays' own parts, roughly.
    let cost = value.byteCount + 2 * key.utf8.count + 160
    // One giant must not empty the cache for all others.
    guard cost <= capacity / 4 else { return }
    while self.cost + cost > capacity { evict() }
    let entry = Entry(key: key, value: value, epoch: epoch, storedAt: now, wasUsed: false, cost: cost)
    if let slot = free.popLast() {
      slots[slot] = entry
      index[key] = slot
    } else {
      index[key] = slots.count
      slots.append(entry)
    }
    self.cost += cost
  }

  private mutating func remove(_ slot: Int) {
    guard let entry = slots[slot] else { return }
    slots[slot] = nil
    free.append(slot)
    index[entry.key] = nil
    cost -= entry.cost
  }

  /// Ends within two rounds: the first takes every mark away.
  private mutating func evict() {
    while true {
      hand = hand + 1 < slots.count ? hand + 1 : 0
      guard let entry = slots[hand] else { continue }
      if !entry.wasUsed { return remove(hand) }
      slots[hand]?.wasUsed = false
    }
  }
}
