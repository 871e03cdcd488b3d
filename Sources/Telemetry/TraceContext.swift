/// The trace that something belongs to, and the span that what follows has as its parent (W3C Trace Context, `traceparent`, version 00).
package struct TraceContext: Sendable, Equatable {
  private let high: UInt64
  private let low: UInt64
  /// Zero where the trace has no span yet.
  let span: UInt64
  package let isSampled: Bool

  private init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
    self.high = high
    self.low = low
    self.span = span
    self.isSampled = isSampled
  }

  /// Nil for what is no valid header: the trace then begins anew.
  package init?(traceparent: String) {
    var text = traceparent
    guard let context = text.withUTF8({ Self.read($0) }) else { return nil }
    self = context
  }

  /// As of a text, of bytes: nothing is allocated.
  package init?(traceparent: ArraySlice<UInt8>) {
    guard let context = traceparent.withUnsafeBufferPointer({ Self.read($0) }) else { return nil }
    self = context
  }

  /// `version-trace-span-flags` in lower-case hexadecimal digits; a later version may have more behind a further hyphen.
  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> TraceContext? {
    let hyphen = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == hyphen, bytes[35] == hyphen, bytes[52] == hyphen,
      let version = number(bytes[0..<2]), version != 0xFF, bytes.count == 55 || (version != 0 && bytes[55] == hyphen),
      let high = number(bytes[3..<19]), let low = number(bytes[19..<35]), high | low != 0,
      let span = number(bytes[36..<52]), span != 0, let flags = number(bytes[53..<55])
    else { return nil }
    return TraceContext(high: high, low: low, span: span, isSampled: flags & 1 == 1)
  }

  private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
      default: return nil
      }
    }
    return value
  }

  /// A new trace without a span, from the randomness given.
  package init(using random: inout some RandomNumberGenerator, isSampled: Bool = false) {
    high = random.next()
    low = Self.nonZero(&random)
    span = 0
    self.isSampled = isSampled
  }

  /// The same trace with a new span, for what is called next.
  package func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(high: high, low: low, span: Self.nonZero(&random), isSampled: isSampled)
  }

  /// The same, sampled when its randomness (the last 56 bits, by level 2 of the recommendation) is not below `threshold`: whoever
  /// decides by the same bits decides the same.
  func sampled(from threshold: UInt64) -> TraceContext {
    TraceContext(high: high, low: low, span: span, isSampled: low & 0x00FF_FFFF_FFFF_FFFF >= threshold)
  }

  /// 32 lower-case hexadecimal digits, not all zero.
  package var traceID: String { Self.hex(high) + Self.hex(low) }

  /// 16 lower-case hexadecimal digits.
  package var spanID: String { Self.hex(span) }

  /// The header's value, in version 00.
  package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

  private static func nonZero(_ random: inout some RandomNumberGenerator) -> UInt64 { max(1, random.next()) }

  static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
