import Foundation
import Reactor
import TestSupport

@testable import Admission

/// A database with a few workers and a line before them, asked by requests that come at random: every event in the order of its time,
/// with no clock but its own.
struct SimulatedDatabase {
  struct Phase {
    /// Requests a second.
    let rate: Double
    let seconds: Double
    /// How long one takes on average, in seconds.
    var service = 0.004
  }

  struct Result {
    var done = 0
    var refused = 0
    var latencies: [Double] = []
    /// Done in each tenth of a second.
    var perTenth: [Int] = []
    var refusedPerTenth: [Int] = []

    func quantile(_ share: Double) -> Double {
      let sorted = latencies.sorted()
      return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
    }
  }

  static let workers = 4

  private var limit: AdmissionLimit?
  private var generator = SeededGenerator("simulated database")
  private var line: [(began: Double, phase: Int)] = []
  private var busy: [(ends: Double, began: Double, phase: Int)] = []
  private var underWay = 0

  /// - Parameter limit: nil: everything is let in.
  init(_ limit: AdmissionLimit?) { self.limit = limit }

  mutating func run(_ phases: [Phase]) -> [Result] {
    var results = phases.map { phase in
      let tenths = [Int](repeating: 0, count: Int(phase.seconds * 10))
      return Result(perTenth: tenths, refusedPerTenth: tenths)
    }
    var start = 0.0
    for (index, phase) in phases.enumerated() {
      let end = start + phase.seconds
      var next = start + random(1 / phase.rate)
      while true {
        let finishing = busy.indices.min { busy[$0].ends < busy[$1].ends }
        if let finishing, busy[finishing].ends <= min(next, end) {
          finish(finishing, service: phase.service, &results, phaseStart: start, current: index)
        } else if next < end {
          arrive(next, index, service: phase.service, &results[index], phaseStart: start)
          next += random(1 / phase.rate)
        } else {
          break
        }
      }
      start = end
    }
    return results
  }

  private mutating func arrive(_ now: Double, _ phase: Int, service: Double, _ result: inout Result, phaseStart: Double) {
    if let limit, Double(underWay) >= limit.value {
      result.refused += 1
      result.refusedPerTenth[Int((now - phaseStart) * 10)] += 1
      return
    }
    underWay += 1
    line.append((now, phase))
    serve(now, service)
  }

  private mutating func finish(_ index: Int, service: Double, _ results: inout [Result], phaseStart: Double, current: Int) {
    let one = busy.remove(at: index)
    limit?.noteAnswer(0, took: one.ends - one.began, of: underWay, at: Instant(nanoseconds: UInt64(one.ends * 1e9)))
    underWay -= 1
    results[one.phase].done += 1
    results[one.phase].latencies.append(one.ends - one.began)
    if one.phase == current {
      let tenth = Int((one.ends - phaseStart) * 10)
      if results[current].perTenth.indices.contains(tenth) { results[current].perTenth[tenth] += 1 }
    }
    serve(one.ends, service)
  }

  private mutating func serve(_ now: Double, _ service: Double) {
    while busy.count < Self.workers, !line.isEmpty {
      let (began, phase) = line.removeFirst()
      busy.append((now + random(service), began, phase))
    }
  }

  /// Exponentially distributed, as independent requests come.
  private mutating func random(_ mean: Double) -> Double { -log(1 - Double.random(in: 0..<1, using: &generator)) * mean }
}
