/// A UUID version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 bits that make it unique and unguessable.
///
/// The version bits are not checked on the way in: rows made by hand in SQL are still addressable.
package struct UUIDv7: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Refuses (nil) anything but 16 bytes, network order.
  package init?(bytes: some Sequence<UInt8>) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var count = 0
    for byte in bytes {
      switch count {
      case 0..<8: high = high << 8 | UInt64(byte)
      case 8..<16: low = low << 8 | UInt64(byte)
      default: return nil
      }
      count += 1
    }
    guard count == 16 else { return nil }
    self.init(high: high, low: low)
  }

  /// The 16 bytes, network order, as PostgreSQL's `uuid` has them on the wire.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    append(to: &bytes)
    return bytes
  }

  package func append(to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift))) }
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(shift))) }
  }

  /// The moment in the first 48 bits.
  package var timestamp: Timestamp { Timestamp(microseconds: Int64(high >> 16) * 1_000) }
}

extension UUIDv7: Comparable {
  /// Byte order, the same as PostgreSQL's: by time, since the time leads.
  package static func < (left: UUIDv7, right: UUIDv7) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension UUIDv7: CustomStringConvertible {
  /// The form of RFC 9562 section 4, as SQL prints it: 8-4-4-4-12 hexadecimal digits, lower case.
  package var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, byte) in bytes.enumerated() {
      if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
      text.append(Self.hexDigits[Int(byte >> 4)])
      text.append(Self.hexDigits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}
