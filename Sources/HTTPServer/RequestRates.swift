import Reactor

/// Whether an address asks too often, on one loop: so many requests a second, and ten seconds' worth at once.
///
/// One moment an address: when its next request would be due, were they spread evenly. Two generations bound the memory: an address
/// that is in neither has been quiet for long enough to have all its burst again, or so many others came that nobody can be told apart.
struct RequestRates {
  private static let burst = Duration.seconds(10)
  private static let capacity = 32_768

  /// Between two requests of one address; nil: nobody is counted.
  private let interval: Duration?
  private var due: [IPAddress: Instant] = [:]
  private var dueBefore: [IPAddress: Instant] = [:]
  private var turn = Instant(nanoseconds: 0)

  /// - Parameter perSecond: 0 counts nobody.
  init(perSecond: Int) { interval = perSecond > 0 ? .nanoseconds(1_000_000_000 / Int64(perSecond)) : nil }

  var isOn: Bool { interval != nil }

  mutating func allows(_ address: IPAddress, at now: Instant) -> Bool {
    guard let interval else { return true }
    if now >= turn || due.count >= Self.capacity {
      dueBefore = due
      due = [:]
      turn = now + Self.burst
    }
    let owner = address.owner
    let next = max(due[owner] ?? dueBefore[owner] ?? now, now)
    guard next - now <= Self.burst - interval else { return false }
    due[owner] = next + interval
    return true
  }
}
