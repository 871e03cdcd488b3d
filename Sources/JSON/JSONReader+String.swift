extension JSONReader {
  /// From after the opening quote to after the closing one.
  mutating func readString() throws(JSONError) -> String {
    let start = index
    try skipCleanRun()
    if bytes[index] == UInt8(ascii: "\"") {
      let string = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
      index += 1
      return string
    }
    return try readStringWithEscapes(from: start)
  }

  /// The index is on the first backslash; `start` is where the string's text starts.
  private mutating func readStringWithEscapes(from start: Int) throws(JSONError) -> String {
    var text = Array(bytes[start..<index])
    while bytes[index] == UInt8(ascii: "\\") {
      appendUTF8(of: try readEscape(), to: &text)
      let run = index
      try skipCleanRun()
      text.append(contentsOf: bytes[run..<index])
    }
    index += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// Moves on to the next quote or backslash, past characters that were checked.
  private mutating func skipCleanRun() throws(JSONError) {
    while true {
      index = bytes.firstSpecialOrNotASCII(from: index)
      guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
      let byte = bytes[index]
      if byte >= 0x80 {
        try skipMultibyteCharacter()
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return
      } else {
        throw JSONError(byte == 0 ? .nullCharacter : .controlCharacter, at: index)
      }
    }
  }

  /// RFC 3629 section 4, by its table of well-formed sequences: no overlong form, no surrogate, nothing above U+10FFFF.
  private mutating func skipMultibyteCharacter() throws(JSONError) {
    let lead = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw JSONError(.invalidUTF8, at: index)
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { throw JSONError(.invalidUTF8, at: index) }
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    scalar = scalar << 6 | UInt32(bytes[index + 1] & 0x3F)
    for offset in 2..<max(length, 2) {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { throw JSONError(.invalidUTF8, at: index) }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    guard !isNoncharacter(scalar) else { throw JSONError(.noncharacter, at: index) }
    index += length
  }

  /// The index is on a backslash; it ends after the escape, or after both of a surrogate pair (RFC 8259 section 7).
  private mutating func readEscape() throws(JSONError) -> UInt32 {
    let start = index
    guard index + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    let kind = bytes[index + 1]
    index += 2
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(kind)
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"): break
    default: throw JSONError(.invalidEscape, at: start)
    }

    var scalar = try readHex(of: start)
    switch scalar {
    case 0: throw JSONError(.nullCharacter, at: start)
    case 0xDC00...0xDFFF: throw JSONError(.loneSurrogate, at: start)
    case 0xD800...0xDBFF:
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
        throw JSONError(.loneSurrogate, at: start)
      }
      let second = index
      index += 2
      let low = try readHex(of: second)
      guard (0xDC00...0xDFFF).contains(low) else { throw JSONError(.loneSurrogate, at: start) }
      scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
    default: break
    }
    guard !isNoncharacter(scalar) else { throw JSONError(.noncharacter, at: start) }
    return scalar
  }

  private mutating func readHex(of escape: Int) throws(JSONError) -> UInt32 {
    guard index + 4 <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: throw JSONError(.invalidEscape, at: escape)
      }
      index += 1
    }
    return value
  }

  private func isNoncharacter(_ scalar: UInt32) -> Bool {
    scalar & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar)
  }

  private func appendUTF8(of scalar: UInt32, to text: inout [UInt8]) {
    guard let scalar = Unicode.Scalar(scalar) else { return }
    UTF8.encode(scalar).map { text.append(contentsOf: $0) }
  }
}
