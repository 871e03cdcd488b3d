import COpenSSL

/// Randomness for keys, tokens and ids, from OpenSSL's generator, which the kernel seeds.
package struct SecureRandom: RandomNumberGenerator, Sendable {
  package init() {}

  /// Fresh bytes that nobody can guess.
  ///
  /// It traps where the generator fails, which means that the kernel gave no seed: a guessable token would be worse.
  package static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      precondition(
        count == 0 || RAND_bytes(buffer.baseAddress, Int32(count)) == 1, "the random number generator has no seed")
      initialized = count
    }
  }

  package mutating func next() -> UInt64 {
    Self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
