import Shop
import Synchronization

/// Makes request ids: in order of time and unique; they name a request in logs and open nothing, so a quick generator will do.
///
/// One a loop, so its lock is never waited for.
final class RequestIDs: Sendable {
  private struct State {
    var generator = UUIDv7.Generator()
    var random = SplitMix64(seed: .random(in: .min ... .max))
  }

  private let state = Mutex(State())
  private let clock: any WallClock

  init(clock: any WallClock) { self.clock = clock }

  func next() -> RequestID {
    let milliseconds = clock.now.milliseconds
    return state.withLock { RequestID($0.generator.next(milliseconds: milliseconds, using: &$0.random)) }
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): two multiplications a number, for what need not be secret.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
