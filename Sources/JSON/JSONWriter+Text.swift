extension JSONWriter {
  mutating func appendQuoted(_ value: String) {
    var value = value
    value.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0)) }
  }

  /// Copies runs that need no escape as a block: nearly all text is one run.
  mutating func appendQuoted(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(UInt8(ascii: "\""))
    var start = 0
    while true {
      let end = bytes.firstSpecial(from: start)
      if end > start { buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
      guard end < bytes.count else { break }
      appendEscape(of: bytes[end])
      start = end + 1
    }
    buffer.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscape(of byte: UInt8) {
    buffer.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer.append(byte)
    case 0x08: buffer.append(UInt8(ascii: "b"))
    case 0x09: buffer.append(UInt8(ascii: "t"))
    case 0x0A: buffer.append(UInt8(ascii: "n"))
    case 0x0C: buffer.append(UInt8(ascii: "f"))
    case 0x0D: buffer.append(UInt8(ascii: "r"))
    default:
      let low = byte & 0x0F
      buffer.append(contentsOf: [
        UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), UInt8(ascii: "0") + byte >> 4,
        low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10,
      ])
    }
  }

  mutating func appendDecimal(_ value: Int64) {
    if value >= 0, value < 10 {
      buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
      return
    }
    // The longest is the minimum of Int64: a sign and 19 digits.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var at = 20
      var rest = value.magnitude
      repeat {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
        at -= 1
        digits[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
        rest = quotient
      } while rest > 0
      if value < 0 {
        at -= 1
        digits[at] = UInt8(ascii: "-")
      }
      buffer.append(contentsOf: UnsafeBufferPointer(rebasing: digits[at..<20]))
    }
  }
}
