/// Waits between attempts: exponential with a ceiling, and full jitter, so that a fleet does not return in step.
package struct Backoff: Sendable {
  package let base: Duration
  package let ceiling: Duration
  private var attempts = 0

  package init(base: Duration, ceiling: Duration) {
    self.base = base
    self.ceiling = ceiling
  }

  /// A uniform draw from zero to the bound that this attempt has reached.
  package mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    let bound = min(ceiling, base * (1 << min(attempts, 20)))
    attempts += 1
    // 53 bits: all that a Double between 0 and 1 holds.
    return bound * (Double(random.next() >> 11) / 0x1p53)
  }

  package mutating func reset() { attempts = 0 }
}
