import Foundation

/// Randomness that can be had again (SplitMix64): a property that fails says its seed, and `SHOP_TEST_SEED` runs it once more.
package struct SeededGenerator: RandomNumberGenerator {
  /// Of this run of the tests.
  package static let seed = ProcessInfo.processInfo.environment["SHOP_TEST_SEED"].flatMap { UInt64($0) } ?? 20_260_101

  private var state: UInt64

  /// - Parameter purpose: tells the generators of one run apart.
  package init(_ purpose: String) {
    state = purpose.utf8.reduce(Self.seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self) }

  package mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  package mutating func isHit(oneIn chances: Int) -> Bool { below(chances) == 0 }

  /// Any bytes at all.
  package mutating func bytes(upTo longest: Int) -> [UInt8] {
    (0..<below(longest + 1)).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}
