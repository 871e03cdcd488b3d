import Logging
import Reactor
import Shop
import ShopAPI
import ShopStore
import Synchronization

/// What the clock does in a shop: ends holds and carts, brings payments to their end, forgets old keys.
///
/// Any number may run at once: each step claims its rows or skips those that another has locked.
final class Worker: Sendable {
  private let flow: CheckoutFlow
  private let loop: EventLoop
  private let logger: Logger
  private let stopped = Atomic<Bool>(false)
  private let finished = Mutex<Task<Void, Never>?>(nil)

  init(flow: CheckoutFlow, loop: EventLoop, logger: Logger) {
    self.flow = flow
    self.loop = loop
    self.logger = logger
  }

  func start() {
    let task = Task(executorPreference: loop) { await self.run() }
    finished.withLock { $0 = task }
  }

  /// Ends after the step that is under way, within a second or so.
  func stop() async {
    stopped.store(true, ordering: .releasing)
    let task = finished.withLock { $0 }
    await task?.value
  }

  private func run() async {
    var turn = 0
    while !stopped.load(ordering: .acquiring) {
      await step("expire holds") {
        while try await flow.store.expireHolds(limit: Self.batch, deadline: .measured() + .seconds(5)) == Self.batch {}
      }
      await step("reconcile payments") { try await flow.reconcile(limit: 20) }
      if turn % 60 == 0 {
        await step("expire carts") { try await flow.store.expireCarts(limit: 1_000, deadline: .measured() + .seconds(5)) }
        await step("purge keys") { try await flow.store.purgeKeys(limit: 1_000, deadline: .measured() + .seconds(5)) }
      }
      if turn % 10 == 0 { await step("repeat voids") { try await flow.repeatVoids(limit: 20) } }
      turn += 1
      await loop.sleep(for: .seconds(1))
    }
  }

  private static let batch = 200

  /// A step that fails is tried again at its next turn; the others go on.
  private func step(_ name: String, _ body: () async throws -> Void) async {
    guard !stopped.load(ordering: .acquiring) else { return }
    do {
      try await body()
    } catch {
      logger.warning("worker step failed", metadata: ["step": "\(name)", "error": "\(error)"])
    }
  }
}
