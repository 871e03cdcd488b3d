import Glibc
import Synchronization
import Testing

@testable import Reactor

/// Starts a loop for `body` and ends it after.
func withLoop<Result: Sendable>(_ body: @Sendable (EventLoop) async throws -> Result) async throws -> Result {
  let loop = try EventLoop(name: "test")
  try loop.start()
  defer {
    loop.stop()
    loop.join()
  }
  return try await body(loop)
}

@Suite struct EventLoopTests {
  @Test func `an actor on a loop runs on its thread`() async throws {
    actor Probe {
      let loop: EventLoop
      nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
      init(_ loop: EventLoop) { self.loop = loop }
      func isOnLoop() async -> Bool {
        await Task.yield()
        return loop.inLoop && EventLoop.current === loop
      }
    }
    let isOnLoop = try await withLoop { await Probe($0).isOnLoop() }
    #expect(isOnLoop)
  }

  @Test func `timers fire in the order of their deadlines, and cancelled ones never`() async throws {
    let order = try await withLoop { loop in
      await Task(executorPreference: loop) {
        let order = Mutex<[Int]>([])
        let start = Instant.measured()
        for delay in [30, 10, 20, 15] {
          let token = loop.schedule(at: start + .milliseconds(delay)) { order.withLock { $0.append(delay) } }
          if delay == 15 { token.cancel() }
        }
        await loop.sleep(until: start + .milliseconds(40))
        return order.withLock { $0 }
      }.value
    }
    #expect(order == [10, 20, 30])
  }

  @Test func `a timer may schedule another while it fires`() async throws {
    let fired = try await withLoop { loop in
      await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
        loop.execute {
          loop.schedule(at: .measured()) {
            loop.schedule(at: .measured()) { continuation.resume(returning: 2) }
          }
        }
      }
    }
    #expect(fired == 2)
  }

  @Test func `thousands of cancelled timers do not pile up`() {
    var heap = TimerHeap()
    var fired = 0
    for index in 0..<10_000 {
      let token = heap.insert(Instant(nanoseconds: UInt64(index)), { fired += 1 })
      if index % 10 != 0 { token.cancel() }
    }
    #expect(heap.count < 3_000)
    while let body = heap.nextDue(at: Instant(nanoseconds: 10_000)) { body() }
    #expect(fired == 1_000)
    #expect(heap.nextDeadline == nil)
  }

  @Test func `a cancelled task does not sleep on`() async throws {
    let slept = try await withLoop { loop in
      let task = Task(executorPreference: loop) {
        let start = Instant.measured()
        await loop.sleep(for: .seconds(60))
        return Instant.measured() - start
      }
      task.cancel()
      return await task.value
    }
    #expect(slept < .seconds(30))
  }

  @Test func `bodies of other threads run in order`() async throws {
    let seen = try await withLoop { loop in
      await withCheckedContinuation { (continuation: CheckedContinuation<[Int], Never>) in
        let seen = Mutex<[Int]>([])
        for index in 0..<1_000 { loop.execute { seen.withLock { $0.append(index) } } }
        loop.execute { continuation.resume(returning: seen.withLock { $0 }) }
      }
    }
    #expect(seen == Array(0..<1_000))
  }

  @Test func `instants saturate instead of wrapping`() {
    #expect(Instant(nanoseconds: 5) + .nanoseconds(-6) == Instant(nanoseconds: 0))
    #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
    #expect(Instant(nanoseconds: 0) + .seconds(Int64.max) == .distantFuture)
  }
}
