import Reactor

/// The door to the database of one loop: lets in as many requests at a time as are answered without delay, those of a higher
/// priority first, and turns the others away before they cost anything.
///
/// A burst may wait in line for a moment, each priority in its own. A line that does not empty is closed: from then on whoever finds no
/// place is told at once, until for a while nobody was.
package actor Admission {
  package nonisolated let loop: EventLoop
  package nonisolated let statistics = AdmissionStatistics()
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private nonisolated let settings: AdmissionSettings
  private var limit: AdmissionLimit
  private var underWay = 0
  private var lines = Priority.allCases.map { _ in Line() }
  private var waiting = 0

  private struct Line {
    var waiters: [Waiter] = []
    /// Since when somebody has been waiting all the time.
    var since: Instant?
    /// Set while it is closed: when somebody was last turned away.
    var closedAt: Instant?
  }

  /// `@unchecked Sendable`: touched on the loop only.
  private final class Waiter: @unchecked Sendable {
    var continuation: UnsafeContinuation<Permit?, Never>?
    var timer: TimerToken?

    init(_ continuation: UnsafeContinuation<Permit?, Never>) { self.continuation = continuation }

    func finish(_ permit: Permit?) {
      timer?.cancel()
      continuation?.resume(returning: permit)
      continuation = nil
    }
  }

  package init(on loop: EventLoop, _ settings: AdmissionSettings = AdmissionSettings()) {
    self.loop = loop
    self.settings = settings
    limit = AdmissionLimit(settings)
    statistics.limit.store(settings.initial, ordering: .relaxed)
  }

  // MARK: At the door

  /// Runs `body` when there is a place for it; throws `Overload` when there is none, before `body` has begun.
  ///
  /// - Parameter route: whose answers are alike in what they take.
  /// - Parameter isOverload: whether an error of `body` tells that the database has too much to do.
  package nonisolated func run<Value: Sendable>(
    _ route: Int, _ priority: Priority, deadline: Instant, isOverload: (any Error) -> Bool, _ body: (Permit) async throws -> Value
  ) async throws -> Value {
    let permit = try await enter(priority, deadline)
    do {
      let value = try await body(permit)
      onLoop { $0.leave(permit, answered: route) }
      return value
    } catch {
      let failed = isOverload(error)
      onLoop { $0.leave(permit, failed: failed) }
      throw error
    }
  }

  private nonisolated func enter(_ priority: Priority, _ deadline: Instant) async throws(Overload) -> Permit {
    guard loop.inLoop else { return try await enterFromElsewhere(priority, deadline) }
    switch entering({ $0.ask(priority) }) {
    case .success(let permit?): return permit
    case .failure(let overload): throw overload
    case .success(nil): break
    }
    let permit: Permit? = await withUnsafeContinuation { continuation in
      entering { $0.lineUp(continuation, priority, deadline) }
    }
    guard let permit else { throw Overload(.wait) }
    return permit
  }

  private func enterFromElsewhere(_ priority: Priority, _ deadline: Instant) async throws(Overload) -> Permit {
    if let permit = try ask(priority).get() { return permit }
    guard let permit = await withUnsafeContinuation({ lineUp($0, priority, deadline) }) else { throw Overload(.wait) }
    return permit
  }

  /// A permit, or nil when there may be one in a moment.
  private func ask(_ priority: Priority) -> Result<Permit?, Overload> {
    let atOrAbove = waiting == 0 ? 0 : lines[priority.rawValue...].reduce(0) { $0 + $1.waiters.count }
    if hasPlace(for: priority), atOrAbove == 0 {
      statistics.countAdmitted(priority)
      return .success(permit())
    }
    let reason: AdmissionStatistics.Reason
    if isClosed(priority) {
      lines[priority.rawValue].closedAt = loop.now
      reason = .overload
    } else if atOrAbove >= longestLine(priority) {
      reason = .line
    } else {
      return .success(nil)
    }
    statistics.countRefused(priority, reason)
    return .failure(Overload(reason))
  }

  /// Who is at the till waits on until the request's own deadline: so their line has room for a rush.
  private func longestLine(_ priority: Priority) -> Int {
    priority == .checkout ? max(64, 2 * Int(limit.value)) : Int(limit.value)
  }

  private func isClosed(_ priority: Priority) -> Bool {
    // At the till the length of the line is its only bound.
    guard priority != .checkout else { return false }
    let line = lines[priority.rawValue]
    if let closedAt = line.closedAt { return loop.now - closedAt <= settings.calm }
    return line.since.map { loop.now - $0 > settings.patience(of: priority) } ?? false
  }

  private func hasPlace(for priority: Priority) -> Bool {
    !settings.isOn || Double(underWay) < limit.value * priority.share
  }

  private func permit() -> Permit {
    take()
    return Permit(self, began: .measured())
  }

  private func lineUp(_ continuation: UnsafeContinuation<Permit?, Never>, _ priority: Priority, _ deadline: Instant) {
    let waiter = Waiter(continuation)
    lines[priority.rawValue].closedAt = nil
    change(priority) { $0.append(waiter) }
    waiter.timer = loop.schedule(at: priority == .checkout ? deadline : min(deadline, loop.now + settings.patience(of: priority)))
    { [weak self] in
      self?.assumeIsolated { $0.giveUp(waiter, priority) }
    }
  }

  private func giveUp(_ waiter: Waiter, _ priority: Priority) {
    guard waiter.continuation != nil else { return }
    change(priority) { $0.removeAll { $0 === waiter } }
    statistics.countRefused(priority, .wait)
    waiter.finish(nil)
  }

  private func change(_ priority: Priority, _ body: (inout [Waiter]) -> Void) {
    body(&lines[priority.rawValue].waiters)
    let line = lines[priority.rawValue]
    lines[priority.rawValue].since = line.waiters.isEmpty ? nil : line.since ?? loop.now
    waiting = lines.reduce(0) { $0 + $1.waiters.count }
    statistics.waiting.store(waiting, ordering: .relaxed)
  }

  // MARK: Places

  private func take() {
    underWay += 1
    statistics.underWay.store(underWay, ordering: .relaxed)
  }

  private func giveBack() {
    underWay -= 1
    statistics.underWay.store(underWay, ordering: .relaxed)
    letIn()
  }

  private func letIn() {
    guard waiting > 0 else { return }
    for priority in Priority.allCases.reversed() {
      while let waiter = lines[priority.rawValue].waiters.first {
        guard hasPlace(for: priority) else { return }
        change(priority) { $0.removeFirst() }
        statistics.countAdmitted(priority)
        waiter.finish(permit())
      }
    }
  }

  private func leave(_ permit: Permit, answered route: Int) {
    let now = Instant.measured()
    limit.noteAnswer(route, took: permit.held(until: now), of: underWay, at: now)
    end(permit)
  }

  private func leave(_ permit: Permit, failed: Bool) {
    if failed { limit.noteFailure(of: underWay, at: .measured()) }
    end(permit)
  }

  private func end(_ permit: Permit) {
    statistics.limit.store(Int(limit.value), ordering: .relaxed)
    if permit.end() { giveBack() }
  }

  func stepAside(_ permit: Permit) {
    if permit.leave(at: .measured()) { giveBack() }
  }

  /// Without asking: what was begun is finished.
  func comeBack(_ permit: Permit) {
    if permit.comeBack(at: .measured()) { take() }
  }

  /// Enters without a job: on the loop's thread only.
  private nonisolated func entering<Value: Sendable>(_ body: (isolated Admission) -> Value) -> Value { assumeIsolated(body) }

  /// Enters at once on the loop's thread, and soon from elsewhere.
  nonisolated func onLoop(_ body: @escaping @Sendable (isolated Admission) -> Void) {
    if loop.inLoop {
      assumeIsolated(body)
    } else {
      loop.execute { self.assumeIsolated(body) }
    }
  }
}
