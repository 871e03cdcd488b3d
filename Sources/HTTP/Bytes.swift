/// Questions about single bytes and runs of them (RFC 9110, section 5).
enum Bytes {
  @inline(__always) static func isToken(_ byte: UInt8) -> Bool { ByteSet.token.contains(byte) }

  /// VCHAR, obs-text, SP and HTAB (RFC 9110, section 5.5).
  @inline(__always) static func isFieldValue(_ byte: UInt8) -> Bool { byte == 0x09 || (byte >= 0x20 && byte != 0x7F) }

  @inline(__always) static func isRegName(_ byte: UInt8) -> Bool { ByteSet.regName.contains(byte) }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  @inline(__always) static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  static func equalIgnoringCase<Left: Collection<UInt8>, Right: Collection<UInt8>>(_ left: Left, _ right: Right) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
  }

  /// Whether the bytes are `name`, which is written in lower case, in any case.
  @inline(__always)
  static func equal(_ bytes: UnsafePointer<UInt8>, count: Int, ignoringCase name: StaticString) -> Bool {
    guard count == name.utf8CodeUnitCount else { return false }
    let other = name.utf8Start
    for index in 0..<count where lowercased(bytes[index]) != other[index] { return false }
    return true
  }

  /// The first control character other than HTAB in `from..<to`, or `to`.
  ///
  /// Eight bytes a step; each test may flag a byte above a flagged one wrongly, never below it, so the lowest flag is right.
  @inline(__always)
  static func firstControl(_ bytes: UnsafePointer<UInt8>, from: Int, to: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let raw = UnsafeRawPointer(bytes)
    var index = from
    while index < to {
      while index + 8 <= to {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let below = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7F)
        let flags = (below | ((delete &- ones) & ~delete)) & tops
        guard flags == 0 else {
          index += flags.trailingZeroBitCount >> 3
          break
        }
        index += 8
      }
      guard index < to else { return to }
      if !isFieldValue(bytes[index]) { return index }
      index += 1
    }
    return to
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}

extension ArraySlice<UInt8> {
  func trimmingWhiteSpace() -> ArraySlice<UInt8> {
    var lower = startIndex
    var upper = endIndex
    while lower < upper, Bytes.isWhiteSpace(self[lower]) { lower += 1 }
    while upper > lower, Bytes.isWhiteSpace(self[upper - 1]) { upper -= 1 }
    return self[lower..<upper]
  }
}
