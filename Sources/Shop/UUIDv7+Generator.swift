extension UUIDv7 {
  /// Makes strictly increasing UUIDs from a clock and randomness that the caller brings.
  ///
  /// Within one millisecond, and when the clock steps back, the 12 bits after the time count on
  /// (RFC 9562 section 6.2, method 1), so a page in key order is a page in order of creation.
  package struct Generator: Sendable {
    private var milliseconds: UInt64 = 0
    private var counter: UInt64 = 0

    package init() {}

    /// - Parameter milliseconds: since 1970, UTC; only the low 48 bits count.
    package mutating func next(
      milliseconds now: Int64, using random: inout some RandomNumberGenerator
    ) -> UUIDv7 {
      let now = UInt64(clamping: now) & 0xFFFF_FFFF_FFFF
      if now > milliseconds {
        milliseconds = now
        // The top bit of the counter starts at zero, so that at least 2,048 fit before it spills into the time.
        counter = random.next() & 0x7FF
      } else if counter < 0xFFF {
        counter += 1
      } else {
        milliseconds += 1
        counter = random.next() & 0x7FF
      }
      let high = milliseconds << 16 | 0x7000 | counter
      let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
      return UUIDv7(high: high, low: low)
    }
  }
}
