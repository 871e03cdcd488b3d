extension UUIDv7 {
  /// How many characters the base 32 form has: 26 × 5 = 130 bits, of which the first two are always zero.
  package static let base32Length = 26

  /// Appends the 26 characters of Crockford's base 32, lower case, highest bits first: text order is byte order.
  package func appendBase32(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.base32Length) { text in
      guard let start = text.baseAddress else { return }
      writeBase32(to: start)
      bytes.append(contentsOf: UnsafeBufferPointer(text))
    }
  }

  /// Writes the 26 characters to memory that has room for them.
  package func writeBase32(to text: UnsafeMutablePointer<UInt8>) {
    Self.digits.withUnsafeBufferPointer { digits in
      // The last 13 characters are 65 bits: the low word and the lowest bit of the high one.
      var rest = low
      var index = 25
      while index >= 14 {
        text[index] = digits[Int(truncatingIfNeeded: rest & 31)]
        rest >>= 5
        index &-= 1
      }
      // 12 characters have taken 60 bits: the next is made of the 4 that are left and 1 of the high word.
      text[13] = digits[Int(truncatingIfNeeded: rest | (high & 1) << 4)]
      rest = high >> 1
      index = 12
      while index >= 0 {
        text[index] = digits[Int(truncatingIfNeeded: rest & 31)]
        rest >>= 5
        index &-= 1
      }
    }
  }

  /// Reads the canonical form only: 26 lower-case digits, none of Crockford's aliases (`i` `l` `o`, capitals, hyphens), no
  /// bits beyond 128. One value has one text, so an id can be a cache key as it stands.
  package init?(base32 text: some Sequence<UInt8>) {
    var value: UInt128 = 0
    var count = 0
    for byte in text {
      let digit = byte < 128 ? Self.values[Int(byte)] : 255
      guard digit < 32, count < Self.base32Length, count > 0 || digit < 8 else { return nil }
      value = value << 5 | UInt128(digit)
      count += 1
    }
    guard count == Self.base32Length else { return nil }
    self.init(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
  }

  /// The canonical form as a regular expression.
  package static let base32Pattern = "[0-7][0-9a-hjkmnp-tv-z]{25}"

  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 128)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()
}
