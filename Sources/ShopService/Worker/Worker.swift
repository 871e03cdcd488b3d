import Logging
import Reactor
import Synchronization

/// What the clock does in a shop: ends holds and carts, brings payments to their end, forgets old keys. Any number may run at once.
final class Worker: Sendable {
  private let jobs: [Job]
  private let loop: EventLoop
  private let logger: Logger
  private let stopped = Atomic<Bool>(false)
  private let finished = Mutex<Task<Void, Never>?>(nil)

  init(jobs: [Job], loop: EventLoop, logger: Logger) {
    self.jobs = jobs
    self.loop = loop
    self.logger = logger
  }

  func start() {
    let task = Task(executorPreference: loop) { await self.run() }
    finished.withLock { $0 = task }
  }

  /// Ends after the job that is under way, within a second or so.
  func stop() async {
    stopped.store(true, ordering: .releasing)
    let task = finished.withLock { $0 }
    await task?.value
  }

  private func run() async {
    var turn = 0
    while !stopped.load(ordering: .acquiring) {
      for job in jobs where turn % job.interval == 0 { await run(job) }
      turn += 1
      await loop.sleep(for: .seconds(1))
    }
  }

  /// A job that fails is tried again at its next turn; the others go on.
  private func run(_ job: Job) async {
    guard !stopped.load(ordering: .acquiring) else { return }
    do {
      try await job.run()
    } catch {
      logger.warning("worker job failed", metadata: ["job": "\(job.name)", "error": "\(error)"])
    }
  }
}
