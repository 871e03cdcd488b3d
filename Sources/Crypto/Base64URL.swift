/// Base 64 with the alphabet for URLs and without padding (RFC 4648 section 5).
package enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  package static func encode(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { text in
      var count = 0
      var bits: UInt32 = 0
      var pending: UInt32 = 0
      for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        pending += 8
        while pending >= 6 {
          pending -= 6
          text[count] = alphabet[Int(bits >> pending) & 63]
          count += 1
        }
      }
      if pending > 0 {
        text[count] = alphabet[Int(bits << (6 - pending)) & 63]
        count += 1
      }
      return count
    }
  }

  /// The bytes, or nil for anything but what `encode` writes: one value has one text, without padding, spaces or stray bits.
  package static func decode(_ text: String) -> [UInt8]? {
    let length = text.utf8.count
    guard length % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length * 3 / 4)
    var bits: UInt32 = 0
    var pending = 0
    for character in text.utf8 {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      pending += 6
      if pending >= 8 {
        pending -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(pending)))
      }
    }
    guard bits & (1 << UInt32(pending) - 1) == 0 else { return nil }
    return bytes
  }
}
