import Reactor
import Testing

@testable import Admission

/// The limit over a database that answers 1,000 requests a second, each in 4 ms when nobody else asks.
@Suite struct AdmissionLimitTests {
  private typealias Phase = SimulatedDatabase.Phase

  private static let capacity = 1_000.0

  @Test func `under three times what it can do, the database does nine tenths of it, and answers as quickly as before`() {
    var database = SimulatedDatabase(AdmissionLimit(AdmissionSettings()))
    let results = database.run([
      Phase(rate: 0.5 * Self.capacity, seconds: 10), Phase(rate: 3 * Self.capacity, seconds: 20),
      Phase(rate: 0.5 * Self.capacity, seconds: 10),
    ])
    let (before, during, after) = (results[0], results[1], results[2])
    #expect(before.refused == 0)
    #expect(Double(during.done) >= 0.9 * Self.capacity * 20)
    #expect(during.quantile(0.99) <= 3 * before.quantile(0.99))
    // Whatever is left of the overload is over within five seconds.
    #expect(after.refusedPerTenth[50...].allSatisfy { $0 == 0 })
    #expect(after.quantile(0.99) <= 1.5 * before.quantile(0.99))
  }

  @Test func `without a limit the same load would make everybody wait for seconds`() {
    var database = SimulatedDatabase(nil)
    let results = database.run([Phase(rate: 0.5 * Self.capacity, seconds: 10), Phase(rate: 3 * Self.capacity, seconds: 20)])
    #expect(results[1].quantile(0.5) > 100 * results[0].quantile(0.99))
  }

  @Test func `a process that starts in the middle of an overload finds its limit, too`() {
    var database = SimulatedDatabase(AdmissionLimit(AdmissionSettings()))
    let results = database.run([Phase(rate: 3 * Self.capacity, seconds: 20)])
    #expect(Double(results[0].done) >= 0.9 * Self.capacity * 20)
    #expect(results[0].quantile(0.99) <= 0.15)
  }

  @Test func `a database that has become three times as slow is soon what is normal`() {
    var database = SimulatedDatabase(AdmissionLimit(AdmissionSettings()))
    let slow = Phase(rate: 0.2 * Self.capacity, seconds: 20, service: 0.012)
    let results = database.run([Phase(rate: 0.5 * Self.capacity, seconds: 10), slow, slow])
    // A moment's crowd would wait in line, which this database has not.
    #expect(results[2].refused * 500 <= results[2].done)
  }

  @Test func `failures shrink the limit to its least and no further, answers let it grow again`() {
    let settings = AdmissionSettings()
    var limit = AdmissionLimit(settings)
    var now = Instant(nanoseconds: 0)
    func pass() { now = now + .milliseconds(5) }
    for _ in 0..<2_000 {
      pass()
      limit.noteFailure(of: 8, at: now)
    }
    #expect(limit.value == Double(settings.minimum))
    for _ in 0..<1_000 {
      pass()
      limit.noteAnswer(0, took: 0.004, of: Int(limit.value), at: now)
    }
    #expect(limit.value > 32)
  }

  @Test func `a limit that nobody comes near does not grow`() {
    var limit = AdmissionLimit(AdmissionSettings())
    var now = Instant(nanoseconds: 0)
    for _ in 0..<2_000 {
      now = now + .milliseconds(5)
      limit.noteAnswer(0, took: 0.004, of: 2, at: now)
    }
    #expect(limit.value == 32)
  }

  @Test func `a route that takes long is compared with itself`() {
    var limit = AdmissionLimit(AdmissionSettings())
    var now = Instant(nanoseconds: 0)
    for index in 0..<4_000 {
      now = now + .milliseconds(1)
      limit.noteAnswer(index % 2, took: index % 2 == 0 ? 0.002 : 0.2, of: 20, at: now)
    }
    #expect(limit.value > 32)
    #expect(limit.normal(of: 1).map { abs($0 - 0.2) < 0.001 } == true)
  }
}
