import Glibc
import Reactor

/// One phase: so many requests a second for so many seconds, or as many as the connections carry.
struct Phase {
  /// Nil: each connection asks again as soon as it has its answer.
  let rate: Double?
  let seconds: Double

  /// `RATE:SECONDS` or `max:SECONDS`.
  init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let seconds = Double(parts[1]), seconds > 0 else { return nil }
    self.seconds = seconds
    if parts[0] == "max" {
      rate = nil
    } else {
      guard let rate = Double(parts[0]), rate > 0 else { return nil }
      self.rate = rate
    }
  }
}

/// Sends requests when they are due, whatever came of those before (an open loop), and counts latency from then: a server that answers
/// late is not asked less for it, and what waits for a connection has been waiting all the same.
final class Run {
  private let loop: EventLoop
  private let phases: [Phase]
  private var kinds: [RequestKind]
  private var lanes: [Lane] = []
  private var idle: [Lane] = []
  /// Due, with no connection free.
  private var late: [Arrival] = []
  private var lateHead = 0
  private var tallies: [[Tally]]
  private var offered: [Int]
  private var exhausted: Set<String> = []
  /// How often each status came that is neither good nor a refusal.
  private var otherStatuses: [Int: Int] = [:]
  /// For each tenth of a second since the start: requests done, and the slowest of them.
  private var done: [Int] = []
  private var slowest: [UInt32] = []
  private let began: UInt64
  private var phase = 0
  private var phaseEnd: UInt64
  private var nextDue: UInt64
  private var random: UInt64
  private var isOver = false
  private let finish: () -> Void

  init(
    to address: SocketAddress, connections: Int, phases: [Phase], kinds: [RequestKind], seed: UInt64, on loop: EventLoop,
    finish: @escaping () -> Void
  ) throws(SystemError) {
    self.loop = loop
    self.phases = phases
    self.kinds = kinds
    self.finish = finish
    random = seed
    tallies = phases.map { _ in kinds.map { _ in Tally() } }
    offered = phases.map { _ in 0 }
    began = Instant.measured().nanoseconds + 500_000_000
    nextDue = began
    phaseEnd = began + UInt64(phases[0].seconds * 1e9)
    for _ in 0..<connections {
      let lane = Lane(to: address, on: loop, of: self)
      try lane.connect()
      lanes.append(lane)
    }
    idle = lanes
    turn(after: .milliseconds(500))
  }

  private func turn(after delay: Duration) { loop.schedule(at: loop.now + delay) { [self] in turn() } }

  /// Sends what is due by now.
  private func turn() {
    guard !isOver else { return }
    let now = Instant.measured().nanoseconds
    while now >= phaseEnd {
      nextDue = phaseEnd
      phase += 1
      guard phase < phases.count else { return end() }
      phaseEnd += UInt64(phases[phase].seconds * 1e9)
    }
    if let rate = phases[phase].rate {
      while nextDue <= now {
        let due = nextDue
        nextDue += UInt64(-log(1 - uniform()) / rate * 1e9)
        guard let arrival = arrival(due: due) else { continue }
        if let lane = idle.popLast() { lane.send(arrival) } else { late.append(arrival) }
      }
    } else {
      while let lane = idle.popLast() {
        guard let arrival = arrival(due: now) else { break }
        lane.send(arrival)
      }
    }
    turn(after: .milliseconds(1))
  }

  /// Those on their way get a moment to be answered.
  private func end() {
    isOver = true
    loop.schedule(at: loop.now + .seconds(1)) { [self] in
      for lane in lanes { lane.disconnect() }
      finish()
    }
  }

  private func arrival(due: UInt64) -> Arrival? {
    var pick = uniform() * kinds.reduce(0) { $0 + $1.weight }
    var kind = 0
    while kind < kinds.count - 1, pick >= kinds[kind].weight {
      pick -= kinds[kind].weight
      kind += 1
    }
    guard let request = kinds[kind].take() else {
      exhausted.insert(kinds[kind].label)
      return nil
    }
    offered[phase] += 1
    return Arrival(kind: kind, due: due, phase: phase, request: request)
  }

  func answered(_ arrival: Arrival, _ status: Int, _ lane: Lane) {
    let now = Instant.measured().nanoseconds
    let latency = UInt32(clamping: (now - arrival.due) / 1000)
    let outcome = Tally.Outcome(status: status)
    tallies[arrival.phase][arrival.kind].add(outcome, latency)
    if outcome == .failed { otherStatuses[status, default: 0] += 1 }
    if outcome == .done {
      let tenth = Int((now - min(began, now)) / 100_000_000)
      while done.count <= tenth {
        done.append(0)
        slowest.append(0)
      }
      done[tenth] += 1
      slowest[tenth] = max(slowest[tenth], latency)
    }
    guard !isOver else { return }
    dropAbandoned(by: now)
    if lateHead < late.count {
      let next = late[lateHead]
      lateHead += 1
      if lateHead > 4_096, lateHead * 2 > late.count {
        late.removeFirst(lateHead)
        lateHead = 0
      }
      lane.send(next)
    } else if phases[phase].rate == nil, let arrival = self.arrival(due: now) {
      lane.send(arrival)
    } else {
      idle.append(lane)
    }
  }

  /// Shoppers do not wait for ever either: what found no connection for a second is not sent any more.
  private func dropAbandoned(by now: UInt64) {
    while lateHead < late.count, now - late[lateHead].due > 1_000_000_000 {
      tallies[late[lateHead].phase][late[lateHead].kind].add(.abandoned, 1_000_000)
      lateHead += 1
    }
  }

  /// SplitMix64: the same seed sends the same requests at the same moments.
  private func uniform() -> Double {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ mixed >> 31) >> 11) / 9_007_199_254_740_992
  }

  var report: String {
    let lines = phases.indices.map { index -> String in
      let byKind = kinds.indices.map { "\"\(kinds[$0].label)\":{\(tallies[index][$0].json)}" }
      return "{\"seconds\":\(phases[index].seconds),\"offered\":\(offered[index]),\"kinds\":{\(byKind.joined(separator: ","))}}"
    }
    let missing = exhausted.sorted().map { "\"\($0)\"" }
    return "{\"phases\":[\(lines.joined(separator: ","))],\"late\":\(late.count - lateHead),"
      + "\"other_statuses\":{\(otherStatuses.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))},"
      + "\"exhausted\":[\(missing.joined(separator: ","))],\"done_per_tenth\":\(done),\"slowest_us_per_tenth\":\(slowest)}"
  }
}
