import Logging
import Reactor
import Synchronization
import Telemetry
import Tracing

/// What the clock does in a shop: ends holds and carts, brings payments to their end, forgets old keys. Any number may run at once.
final class Worker: Sendable {
  private let jobs: [Job]
  private let loop: EventLoop
  private let logger: Logger
  /// Nil: nothing is traced.
  private let tracer: RecordingTracer?
  /// Nil once stopped: nothing begins any more.
  private let tasks = Mutex<[Task<Void, Never>]?>([])

  init(jobs: [Job], loop: EventLoop, logger: Logger, tracer: RecordingTracer?) {
    self.tracer = tracer
    self.jobs = jobs
    self.loop = loop
    self.logger = logger
  }

  /// Each job goes its own way: a provider that hangs must not keep holds alive.
  func start() {
    let loop = loop
    tasks.withLock { tasks in
      guard tasks != nil else { return }
      tasks = jobs.enumerated().map { index, job in
        Task(executorPreference: loop) {
          // All at once they would take every connection of the loop, just when a server takes its first requests.
          await loop.sleep(for: .milliseconds(100 * index))
          await self.run(job)
        }
      }
    }
  }

  /// Ends with the jobs that are under way, at `deadline` at the latest: what they have claimed is free again after a while.
  func stop(until deadline: Instant) async {
    let tasks = tasks.withLock { tasks in
      defer { tasks = nil }
      return tasks ?? []
    }
    for task in tasks { task.cancel() }
    let patience = Task(executorPreference: loop) { [loop] in await loop.sleep(until: deadline) }
    Task(executorPreference: loop) {
      for task in tasks { await task.value }
      patience.cancel()
    }
    await patience.value
  }

  private func once(_ job: Job) async throws {
    guard let tracer, let context = tracer.admit() else { return try await job.run() }
    try await tracer.withSpan(job.name, context: context, ofKind: .internal) { _ in try await job.run() }
  }

  /// A job that fails is tried again at its next turn, or in ten seconds; the log has the first failure of a row.
  private func run(_ job: Job) async {
    var isFailing = false
    while !Task.isCancelled {
      do {
        try await once(job)
        isFailing = false
      } catch {
        logger.log(
          level: isFailing ? .debug : .warning, "worker job failed", metadata: ["job": "\(job.name)", "error": "\(error)"])
        isFailing = true
      }
      await loop.sleep(for: .seconds(isFailing ? min(job.interval, 10) : job.interval))
    }
  }
}
