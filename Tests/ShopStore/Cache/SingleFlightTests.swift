import Reactor
import Synchronization
import Testing

@testable import ShopStore

/// Starts loops, runs `body`, ends the loops.
func withLoops<Value: Sendable>(_ count: Int, _ body: ([EventLoop]) async throws -> Value) async throws -> Value {
  let loops = try (0..<count).map { try EventLoop(name: "cache-test-\($0)") }
  for loop in loops { try loop.start() }
  defer {
    for loop in loops {
      loop.stop()
      loop.join()
    }
  }
  return try await body(loops)
}

@Suite struct SingleFlightTests {
  struct Broken: Error {}

  final class Count: Sendable {
    let value = Atomic<Int>(0)
  }

  @Test func `a thousand who ask on two loops cause one rebuild, and each goes on where it was`() async throws {
    let flights = SingleFlight<Int>()
    let loads = Count()
    try await withLoops(2) { loops in
      let results = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
        for number in 0..<1_000 {
          let loop = loops[number % 2]
          group.addTask(executorPreference: loop) {
            let (value, _) = try await flights.run("key") {
              loads.value.add(1, ordering: .relaxed)
              await loop.sleep(for: .milliseconds(300))
              return 42
            }
            return (value, loop.inLoop)
          }
        }
        return try await group.reduce(into: [(Int, Bool)]()) { $0.append($1) }
      }
      #expect(results.allSatisfy { $0.0 == 42 && $0.1 })
    }
    #expect(loads.value.load(ordering: .relaxed) == 1)
    #expect(flights.count == 0)
  }

  @Test func `a failure is everyone's, and the next who asks tries again`() async throws {
    let flights = SingleFlight<Int>()
    try await withLoops(1) { loops in
      let loop = loops[0]
      let failures = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<10 {
          group.addTask(executorPreference: loop) {
            do {
              _ = try await flights.run("key") {
                await loop.sleep(for: .milliseconds(100))
                throw Broken()
              }
              return false
            } catch { return error is Broken }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(failures == 10)
      let (value, joined) = try await flights.run("key") { 7 }
      #expect(value == 7 && !joined)
    }
  }

  @Test func `different keys do not wait for each other`() async throws {
    let flights = SingleFlight<Int>()
    let (outer, _) = try await flights.run("a") { try await flights.run("b") { 1 }.value + 1 }
    #expect(outer == 2)
  }
}
