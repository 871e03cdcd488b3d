extension UUIDv7 {
  /// How many characters the base 32 form has: 26 × 5 = 130 bits, of which the first two are always zero.
  package static let base32Length = 26

  /// Appends the 26 characters of Crockford's base 32, lower case, highest bits first: text order is byte order.
  package func appendBase32(to bytes: inout [UInt8]) {
    let value = UInt128(high) << 64 | UInt128(low)
    Self.digits.withUnsafeBufferPointer { digits in
      for shift in stride(from: 125, through: 0, by: -5) {
        bytes.append(digits[Int(truncatingIfNeeded: value >> UInt128(shift)) & 31])
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

  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 128)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()
}
