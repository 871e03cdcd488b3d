/// The sixteen bytes of a `uuid`, in network order: what this level knows of identifiers.
package struct UUIDBytes: Hashable, Sendable, Comparable {
  /// Bytes 0 to 7, big-endian.
  package let high: UInt64
  /// Bytes 8 to 15, big-endian.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Nil unless `bytes` are sixteen.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  package static func < (left: UUIDBytes, right: UUIDBytes) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

extension UUIDBytes: CustomStringConvertible {
  /// The form of RFC 9562: 8-4-4-4-12 lower-case hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 36) { target in
      var position = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          target[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 8 ? high : low
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - (index % 8) * 8))
        target[position] = digits[Int(byte >> 4)]
        target[position + 1] = digits[Int(byte & 15)]
        position += 2
      }
      return position
    }
  }
}
