extension UnsafeRawBufferPointer {
  /// Where the next byte is that may not stand in a JSON string as it is (quote, backslash, control character), or `count`.
  ///
  /// Eight bytes a step: each lane's high bit is set where the lane is special ("Bit Twiddling Hacks", zero in a word).
  @inline(__always)
  func firstSpecial(from start: Int) -> Int {
    var index = start
    while index &+ 8 <= count {
      let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let special = word.specialLanes
      if special != 0 { return index &+ special.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < count {
      let byte = self[index]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C { return index }
      index &+= 1
    }
    return count
  }

  /// As `firstSpecial`, but a byte outside ASCII stops it too: the reader has to check those.
  @inline(__always)
  func firstSpecialOrNotASCII(from start: Int) -> Int {
    var index = start
    while index &+ 8 <= count {
      let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let special = word.specialLanes | word & UInt64.highBits
      if special != 0 { return index &+ special.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < count {
      let byte = self[index]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { return index }
      index &+= 1
    }
    return count
  }
}

extension UInt64 {
  fileprivate static let highBits: UInt64 = 0x8080_8080_8080_8080
  private static let lowBits: UInt64 = 0x0101_0101_0101_0101

  /// The high bit of every lane that holds a quote, a backslash or a byte below 0x20.
  /// A borrow can mark a lane above a special one falsely; the lowest mark, which alone is used, is right.
  fileprivate var specialLanes: UInt64 {
    let quote = self ^ (Self.lowBits &* 0x22)
    let backslash = self ^ (Self.lowBits &* 0x5C)
    let isQuote = (quote &- Self.lowBits) & ~quote
    let isBackslash = (backslash &- Self.lowBits) & ~backslash
    let isControl = (self &- (Self.lowBits &* 0x20)) & ~self
    return (isQuote | isBackslash | isControl) & Self.highBits
  }
}
