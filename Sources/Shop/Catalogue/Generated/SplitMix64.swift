/// A small generator of pseudo-random numbers whose sequence is the same for the same seed on every machine and in every version
/// of Swift; for made-up data only (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 to `bound - 1`; the standard library's own way to draw may change from version to version.
  package mutating func below(_ bound: Int) -> Int { bound < 2 ? 0 : Int((next() >> 33) % UInt64(bound)) }

  package mutating func pick<Element>(_ elements: [Element], or other: Element) -> Element {
    elements.isEmpty ? other : elements[below(elements.count)]
  }

  /// True so many times in a hundred.
  package mutating func chance(percent: Int) -> Bool { below(100) < percent }

  /// `median` times 2 to the power of a normal variate whose standard deviation is `spread` 65536ths:
  /// log-normal, in whole numbers throughout, so that no machine's `exp` shows in it.
  package mutating func logNormal(median: Int64, octaves spread: Int64) -> Int64 {
    // The sum of twelve uniform variates has variance 1 and looks normal to six deviations (Irwin and Hall).
    var sum: Int64 = 0
    for _ in 0..<12 { sum += Int64(next() >> 48) }
    let exponent = (sum - 6 * 65_536) * spread / 65_536
    let whole = exponent >> 16
    let fraction = Int(exponent & 0xFFFF)
    let step = fraction >> 12
    let from = Self.sixteenths[step]
    let to = Self.sixteenths[step + 1]
    let factor = from + (to - from) * Int64(fraction & 0xFFF) / 4_096
    let scaled = median * factor
    return whole >= 0 ? (scaled << whole) >> 16 : scaled >> (16 - whole)
  }

  /// 2^(n/16) × 65536.
  private static let sixteenths: [Int64] = [
    65_536, 68_438, 71_468, 74_632, 77_936, 81_386, 84_990, 88_752, 92_682,
    96_785, 101_070, 105_545, 110_218, 115_098, 120_194, 125_515, 131_072,
  ]
}
