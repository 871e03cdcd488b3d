/// A set of ASCII characters as 128 bits: membership is a shift and a mask, without a table in memory.
struct ByteSet {
  private let low: UInt64
  private let high: UInt64

  @inline(__always)
  private init(_ low: UInt64, _ high: UInt64) {
    self.low = low
    self.high = high
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    let word = byte < 64 ? low : byte < 128 ? high : 0
    return word >> UInt64(byte & 63) & 1 != 0
  }

  /// `tchar` (RFC 9110, section 5.6.2).
  static var token: ByteSet { ByteSet(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }
  /// `pchar`, `/` and the percent sign of an escape (RFC 3986, section 3.3).
  static var path: ByteSet { ByteSet(0x2FFF_FFF2_0000_0000, 0x47FF_FFFE_87FF_FFFF) }
  /// What a path may hold, `?`, and brackets, which clients send raw in queries (RFC 3986, section 3.4).
  static var query: ByteSet { ByteSet(0xAFFF_FFF2_0000_0000, 0x47FF_FFFE_AFFF_FFFF) }
  /// `unreserved`, `sub-delims` and the percent sign of an escape (RFC 3986, section 3.2.2).
  static var regName: ByteSet { ByteSet(0x2BFF_7FF2_0000_0000, 0x47FF_FFFE_87FF_FFFE) }
  /// `etagc` without obs-text (RFC 9110, section 8.8.3).
  static var entityTag: ByteSet { ByteSet(0xFFFF_FFFA_0000_0000, 0x7FFF_FFFF_FFFF_FFFF) }
}
