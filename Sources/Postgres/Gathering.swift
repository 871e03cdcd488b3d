import Reactor

/// Work of one loop that is cheaper done together: what comes while some of it is under way waits and is done with all that came
/// meanwhile, in one go. With nothing under way it is done at the end of the loop's turn, so a shop at rest is no slower.
///
/// One go ends before the next begins. Nobody waits for one long: what holds up some must not hold up all.
package actor Gathering<Member: Sendable, Answer: Sendable> {
  /// Does all, and answers in their order; nil sends one of several to be done alone after all.
  package typealias Together = @Sendable ([Member]) async -> [Answer?]

  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private struct Waiter {
    let member: Member
    let patience: Instant
    let continuation: UnsafeContinuation<Answer?, Never>
  }

  private let statistics: DatabaseStatistics
  private let longestWait: Duration
  private nonisolated let span: @Sendable () -> TripSpan?
  private let together: Together
  private var isUnderWay = false
  private var line = Fifo<Waiter>()
  private var patienceCheck: TimerToken?

  /// Bounds what a group locks and holds in memory.
  private static var largest: Int { 32 }
  /// A group ends at the earliest deadline of its members, so that must not be near.
  private static var shortestTimeLeft: Duration { .seconds(1) }

  init(
    loop: EventLoop, longestWait: Duration, statistics: DatabaseStatistics,
    span: @escaping @Sendable () -> TripSpan? = { nil }, together: @escaping Together
  ) {
    self.loop = loop
    self.span = span
    self.longestWait = longestWait
    self.statistics = statistics
    self.together = together
  }

  /// Does `member` with others, or by `alone`: where the others were no help, and off the loop.
  package nonisolated func perform(
    _ member: Member, deadline: Instant, alone: () async throws -> Answer
  ) async rethrows -> Answer {
    guard loop.inLoop, deadline > loop.now + Self.shortestTimeLeft else { return try await alone() }
    let span = span()
    let answer: Answer? = await withUnsafeContinuation { continuation in onLoop { $0.wait(member, continuation) } }
    span?.end()
    if let answer { return answer }
    return try await alone()
  }

  /// At the end of the loop's turn: what else it brings comes along.
  private func begin() {
    isUnderWay = true
    loop.afterBatch { [weak self] in
      guard let self else { return }
      Task(executorPreference: loop) { await self.doTogether() }
    }
  }

  private func doTogether() async {
    var waiters: [Waiter] = []
    while waiters.count < Self.largest, let waiter = nextWaiter() { waiters.append(waiter) }
    if !waiters.isEmpty {
      statistics.groupCount.increment()
      statistics.groupedCount.increment(by: waiters.count)
      let answers = await together(waiters.map(\.member))
      for (index, waiter) in waiters.enumerated() {
        let answer = index < answers.count ? answers[index] : nil
        if case nil = answer { statistics.ungroupedCount.increment() }
        waiter.continuation.resume(returning: answer)
      }
    }
    isUnderWay = false
    if !line.isEmpty { begin() }
  }

  private func nextWaiter() -> Waiter? {
    guard let waiter = line.popFirst() else { return nil }
    statistics.groupWaitingCount.decrement()
    return waiter
  }

  // MARK: Waiting

  private func wait(_ member: Member, _ continuation: UnsafeContinuation<Answer?, Never>) {
    statistics.groupWaitingCount.increment()
    line.append(Waiter(member: member, patience: loop.now + longestWait, continuation: continuation))
    expectPatience()
    if !isUnderWay { begin() }
  }

  /// All wait equally long, so the first in line is the first to give up.
  private func expectPatience() {
    guard patienceCheck == nil, let first = line.first else { return }
    patienceCheck = loop.schedule(at: first.patience) { [weak self] in self?.onLoop { $0.checkPatience() } }
  }

  private func checkPatience() {
    patienceCheck = nil
    while let first = line.first, first.patience <= loop.now, let waiter = nextWaiter() {
      statistics.ungroupedCount.increment()
      waiter.continuation.resume(returning: nil)
    }
    expectPatience()
  }
}
