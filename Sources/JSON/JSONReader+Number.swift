extension JSONReader {
  /// RFC 8259 section 6: `-`? (`0` | digits) fraction? exponent?.
  mutating func readNumber() throws(JSONError) -> JSONValue {
    let start = index
    let negative = bytes[index] == UInt8(ascii: "-")
    if negative { index += 1 }

    let firstDigit = index
    var magnitude: UInt64 = 0
    while let digit = digit(at: index) {
      // 17 digits hold 2^53-1 with room; a longer number is kept as text, so its magnitude does not matter.
      if index - firstDigit < 17 { magnitude = magnitude &* 10 &+ UInt64(digit) }
      index += 1
    }
    let digits = index - firstDigit
    guard digits > 0 else { throw numberError() }
    // The error is at the second digit: a leading zero is the whole integer part.
    if digits > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw JSONError(.invalidNumber, at: firstDigit + 1) }

    var isInteger = true
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      try readDigits()
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
      try readDigits()
    }

    if isInteger, digits <= 16, magnitude <= UInt64(Self.largestInteger) {
      return .integer(negative ? -Int64(magnitude) : Int64(magnitude))
    }
    return .number(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  private mutating func readDigits() throws(JSONError) {
    guard digit(at: index) != nil else { throw numberError() }
    while digit(at: index) != nil { index += 1 }
  }

  private func digit(at index: Int) -> UInt8? {
    guard index < bytes.count else { return nil }
    let digit = bytes[index] &- UInt8(ascii: "0")
    return digit < 10 ? digit : nil
  }

  private func numberError() -> JSONError {
    index < bytes.count ? JSONError(.invalidNumber, at: index) : JSONError(.unexpectedEnd, at: index)
  }
}
