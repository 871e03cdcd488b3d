import Reactor
import Testing

@testable import Redis

/// The values that decide over a connection's life, without any I/O.
@Suite struct LifeTests {
  private func moment(_ milliseconds: UInt64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  @Test func `the circuit opens at the fifth failure in a row and closes by a success`() {
    var breaker = CircuitBreaker(failuresUntilOpen: 5)
    for _ in 0..<4 { #expect(breaker.failed() == .none) }
    #expect(breaker.succeeded() == .none)
    for _ in 0..<4 { #expect(breaker.failed() == .none) }
    #expect(breaker.failed() == .opened)
    #expect(breaker.failed() == .none)
    #expect(breaker.isOpen)
    #expect(breaker.succeeded() == .closed)
    #expect(!breaker.isOpen)
  }

  @Test func `waits between attempts grow to a ceiling and are spread over their whole range`() {
    struct Highest: RandomNumberGenerator { func next() -> UInt64 { .max } }
    struct Lowest: RandomNumberGenerator { func next() -> UInt64 { 0 } }
    var highest = Highest()
    var lowest = Lowest()
    var backoff = Backoff(base: .milliseconds(50), ceiling: .seconds(1))
    let waits = (0..<7).map { _ in backoff.next(using: &highest) }
    for (wait, bound) in zip(waits, [50, 100, 200, 400, 800, 1_000, 1_000]) {
      #expect(wait > .milliseconds(bound - 1) && wait <= .milliseconds(bound))
    }
    #expect(backoff.next(using: &lowest) == .zero)
    backoff.reset()
    #expect(backoff.next(using: &highest) <= .milliseconds(50))
  }

  @Test func `a reply goes to who asked first, and one that comes late to nobody else`() {
    var pipeline = Pipeline<String>()
    pipeline.append("a", deadline: moment(10))
    pipeline.append("b", deadline: moment(5))
    pipeline.append("c", deadline: moment(20))
    #expect(pipeline.nextDeadline == moment(5))
    #expect(pipeline.expire(at: moment(10)) == ["a", "b"])
    #expect(pipeline.count == 3)
    #expect(pipeline.nextDeadline == moment(20))
    guard case .late = pipeline.receiveNext(), case .late = pipeline.receiveNext() else {
      Issue.record("a late reply was given to somebody")
      return
    }
    guard case .waiting("c") = pipeline.receiveNext(), case .nobody = pipeline.receiveNext() else {
      Issue.record("a reply went astray")
      return
    }
    #expect(pipeline.nextDeadline == nil)
  }

  @Test func `a long pipeline keeps its order while it is consumed`() {
    var pipeline = Pipeline<Int>()
    var expected = 0
    for number in 0..<5_000 {
      pipeline.append(number, deadline: moment(1))
      if number % 3 != 0, case .waiting(let next) = pipeline.receiveNext() {
        #expect(next == expected)
        expected += 1
      }
    }
    #expect(pipeline.removeAll() == Array(expected..<5_000))
    #expect(pipeline.count == 0)
  }
}
