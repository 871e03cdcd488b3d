import CLinux
import Glibc
import Synchronization

/// One thread that waits on epoll, runs timers and executes Swift jobs: the executor of every actor that lives on it.
///
/// `@unchecked Sendable`: everything mutable is touched by the loop's own thread only, but for the inbox, which has a lock.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  package let name: String
  private let epoll: Descriptor
  private let wakeup: Descriptor

  private struct Inbox {
    var jobs: [UnownedJob] = []
    var bodies: [@Sendable () -> Void] = []
    var stopping = false
  }
  private let inbox = Mutex(Inbox())
  /// Set while a wake-up is already on its way, so that a burst of jobs costs one write(2).
  private let woken = Atomic<Bool>(false)
  /// Count of iterations; a watchdog sees by it that the loop turns.
  private let turns = Atomic<UInt64>(0)
  /// Nanoseconds between the moment a wake-up or timer was due and its handling, of the last iteration that had one.
  private let lagNanoseconds = Atomic<UInt64>(0)

  private var ready: [UnownedJob] = []
  private var running: [UnownedJob] = []
  private var afterBatch: [() -> Void] = []
  private var timers = TimerHeap()
  private var registrations: [ObjectIdentifier: Registration] = [:]
  /// Cancelled during this batch of events: kept until its end, since epoll's answer may still point at them.
  private var removed: [Registration] = []
  private var stopped = false
  private let thread = Mutex<pthread_t?>(nil)

  /// The monotonic clock, read once an iteration.
  package private(set) var now = Instant.measured()

  package init(name: String) throws(SystemError) {
    self.name = name
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .last("epoll_create1") }
    self.epoll = Descriptor(owning: epoll)
    let wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeup >= 0 else { throw .last("eventfd") }
    self.wakeup = Descriptor(owning: wakeup)
    // data.ptr nil marks the wake-up descriptor.
    var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data(ptr: nil))
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event) == 0 else { throw .last("epoll_ctl") }
  }

  // MARK: Which loop am I on

  private static let currentKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The loop whose thread is calling, if any.
  package static var current: EventLoop? {
    pthread_getspecific(currentKey).map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
  }

  package var inLoop: Bool { pthread_getspecific(Self.currentKey) == Unmanaged.passUnretained(self).toOpaque() }

  func assertInLoop() { assert(inLoop, "used outside of loop \(name)") }

  /// How often the loop has turned; one that stays the same for seconds is stuck.
  package var turnCount: UInt64 { turns.load(ordering: .relaxed) }

  package var lag: Duration { .nanoseconds(Int64(clamping: lagNanoseconds.load(ordering: .relaxed))) }

  /// Jobs found waiting at the last turn.
  package var readyJobs: Int { readyCount.load(ordering: .relaxed) }
  private let readyCount = Atomic<Int>(0)

  // MARK: Life

  /// Runs the loop on a thread of its own; it ends after `stop`.
  package func start() throws(SystemError) {
    var id = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &id, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, context)
    guard code == 0 else {
      Unmanaged<EventLoop>.fromOpaque(context).release()
      throw SystemError("pthread_create", code: code)
    }
    pthread_setname_np(id, String(name.prefix(15)))
    thread.withLock { $0 = id }
  }

  /// Asks the loop to end once the jobs at hand have run. From any thread.
  package func stop() {
    inbox.withLock { $0.stopping = true }
    wake()
  }

  /// Waits for the loop's thread to end.
  package func join() {
    let id = thread.withLock { id in
      defer { id = nil }
      return id
    }
    if let id { pthread_join(id, nil) }
  }

  /// Turns until `stop`, on the calling thread.
  package func run() {
    pthread_setspecific(Self.currentKey, Unmanaged.passUnretained(self).toOpaque())
    defer { pthread_setspecific(Self.currentKey, nil) }
    let capacity: Int32 = 256
    let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Int(capacity))
    defer { events.deallocate() }
    while !stopped {
      let due = timers.nextDeadline
      let count = epoll_wait(epoll.number, events, capacity, timeout(until: due))
      now = .measured()
      turns.add(1, ordering: .relaxed)
      if let due, due <= now { lagNanoseconds.store(now.nanoseconds - due.nanoseconds, ordering: .relaxed) }
      if count > 0 {
        for index in 0..<Int(count) {
          if let pointer = events[index].data.ptr {
            let registration = Unmanaged<Registration>.fromOpaque(pointer).takeUnretainedValue()
            registration.handler?.ready(Readiness(epoll: events[index].events))
          } else {
            drainWakeup()
          }
        }
      }
      removed.removeAll(keepingCapacity: true)
      while let body = timers.nextDue(at: now) { body() }
      takeInbox()
      runJobs()
    }
  }

  private func timeout(until due: Instant?) -> Int32 {
    if !ready.isEmpty || !afterBatch.isEmpty { return 0 }
    guard let due else { return -1 }
    let now = Instant.measured()
    guard due > now else { return 0 }
    // Rounded up: waking a fraction of a millisecond early would spin.
    return Int32(clamping: (due.nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
  }

  private func drainWakeup() {
    var value: UInt64 = 0
    _ = read(wakeup.number, &value, 8)
  }

  private func takeInbox() {
    // Cleared before the inbox is read: what is put in later wakes the loop again.
    guard woken.exchange(false, ordering: .acquiringAndReleasing) else { return }
    let (jobs, bodies, stopping) = inbox.withLock { inbox in
      defer {
        inbox.jobs = []
        inbox.bodies = []
      }
      return (inbox.jobs, inbox.bodies, inbox.stopping)
    }
    ready.append(contentsOf: jobs)
    for body in bodies { body() }
    if stopping { stopped = true }
  }

  private func runJobs() {
    readyCount.store(ready.count, ordering: .relaxed)
    // Jobs enqueue jobs: run those too, but let I/O have its turn after a bounded number of rounds.
    var rounds = 0
    repeat {
      while !ready.isEmpty && rounds < 64 {
        swap(&ready, &running)
        for job in running {
          job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
        running.removeAll(keepingCapacity: true)
        rounds += 1
      }
      if !afterBatch.isEmpty {
        let bodies = afterBatch
        afterBatch.removeAll(keepingCapacity: true)
        for body in bodies { body() }
      }
    } while !ready.isEmpty && rounds < 64
  }

  private func wake() {
    guard !woken.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var one: UInt64 = 1
    _ = write(wakeup.number, &one, 8)
  }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if inLoop {
      ready.append(job)
    } else {
      inbox.withLock { $0.jobs.append(job) }
      wake()
    }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  package func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

  package func checkIsolated() { precondition(inLoop, "isolation of loop \(name) claimed on another thread") }

  package func isIsolatingCurrentContext() -> Bool? { inLoop }

  // MARK: Work

  /// Runs `body` on the loop: from any thread, in order.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    inbox.withLock { $0.bodies.append(body) }
    wake()
  }

  /// Runs `body` once when the events and jobs at hand are done: the place to write what a batch has gathered.
  package func afterBatch(_ body: @escaping () -> Void) {
    assertInLoop()
    afterBatch.append(body)
  }

  /// Runs `body` at `deadline` or soon after; on the loop only.
  @discardableResult
  package func schedule(at deadline: Instant, _ body: @escaping () -> Void) -> TimerToken {
    assertInLoop()
    return timers.insert(deadline, body)
  }

  /// Suspends until `deadline`; a cancelled task wakes at once. From any thread: an actor's method that does nothing but sleep is
  /// compiled without the hop to its executor, so that even isolated callers can be elsewhere.
  package func sleep(until deadline: Instant) async {
    guard !Task.isCancelled else { return }
    let wait = Wait()
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        if inLoop {
          wait.begin(continuation, until: deadline, on: self)
        } else {
          execute { wait.begin(continuation, until: deadline, on: self) }
        }
      }
    } onCancel: {
      execute { wait.finish() }
    }
  }

  package func sleep(for duration: Duration) async { await sleep(until: .measured() + duration) }

  /// `@unchecked Sendable`: on the loop's thread only; the cancellation handler goes through `execute`.
  private final class Wait: @unchecked Sendable {
    private var continuation: UnsafeContinuation<Void, Never>?
    private var token: TimerToken?
    private var isFinished = false

    func begin(_ continuation: UnsafeContinuation<Void, Never>, until deadline: Instant, on loop: EventLoop) {
      // Cancelled before it began.
      guard !isFinished else { return continuation.resume() }
      self.continuation = continuation
      token = loop.schedule(at: deadline) { self.finish() }
    }

    func finish() {
      isFinished = true
      token?.cancel()
      token = nil
      continuation?.resume()
      continuation = nil
    }
  }

  // MARK: Descriptors

  package func register(
    _ descriptor: Int32, _ interest: Interest, _ trigger: Trigger, _ handler: any ReadinessHandler
  ) throws(SystemError) -> Registration {
    assertInLoop()
    let registration = Registration(self, descriptor, interest, trigger, handler)
    try control(EPOLL_CTL_ADD, registration)
    registrations[ObjectIdentifier(registration)] = registration
    return registration
  }

  func control(_ operation: Int32, _ registration: Registration) throws(SystemError) {
    var event = registration.event
    guard epoll_ctl(epoll.number, operation, registration.descriptor, &event) == 0 else { throw .last("epoll_ctl") }
  }

  func remove(_ registration: Registration) {
    // The descriptor may be closed already by the C library that owns it; epoll has then forgotten it.
    _ = epoll_ctl(epoll.number, EPOLL_CTL_DEL, registration.descriptor, nil)
    registrations[ObjectIdentifier(registration)] = nil
    removed.append(registration)
  }
}
