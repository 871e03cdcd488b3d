import Synchronization

/// A count that only grows.
package final class CounterInstrument: Sendable {
  private let value = Atomic<Int>(0)

  package init() {}
  package func add(_ amount: Int = 1) { value.wrappingAdd(amount, ordering: .relaxed) }
  package var count: Int { value.load(ordering: .relaxed) }
  func reset() { value.store(0, ordering: .relaxed) }
}

/// A value that goes up and down.
package final class GaugeInstrument: Sendable {
  private let bits = Atomic<UInt64>(0)

  package init() {}
  package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  package func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let result = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if result.exchanged { return }
      old = result.original
    }
  }
}

/// A distribution over fixed buckets. Values are kept in millionths, so that sums are exact and adding is one instruction.
package final class HistogramInstrument: Sendable {
  /// Seconds: from half a millisecond, where reads live, to the longest deadline.
  package static let latencyBounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  let bounds: [Double]
  private let limits: [Int]
  private let buckets: [CounterInstrument]
  private let sumMillionths = Atomic<Int>(0)

  package init(bounds: [Double] = latencyBounds) {
    self.bounds = bounds
    limits = bounds.map(Self.millionths)
    buckets = (0...bounds.count).map { _ in CounterInstrument() }
  }

  package func observe(millionths: Int) {
    var index = 0
    while index < limits.count, millionths > limits[index] { index += 1 }
    buckets[index].add()
    sumMillionths.wrappingAdd(millionths, ordering: .relaxed)
  }

  /// What is not a number is not counted: one would spoil the sum for ever.
  package func observe(_ value: Double) {
    if !value.isNaN { observe(millionths: Self.millionths(value)) }
  }

  /// Bounded, so that no value traps and 4,000 of the greatest fit a sum.
  private static func millionths(_ value: Double) -> Int {
    let most = 2e15
    return Int(max(-most, min(most, (value * 1_000_000).rounded())))
  }

  /// Counts up to each bound, the last one over all.
  var cumulative: [Int] {
    var total = 0
    return buckets.map { bucket in
      total += bucket.count
      return total
    }
  }

  var sum: Double { Double(sumMillionths.load(ordering: .relaxed)) / 1_000_000 }
}
