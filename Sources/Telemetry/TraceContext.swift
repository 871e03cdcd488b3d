/// The trace that a request belongs to (W3C Trace Context, `traceparent`, version 00).
package struct TraceContext: Sendable, Equatable {
  /// 32 lower-case hexadecimal digits, not all zero.
  package let traceID: String
  /// 16 lower-case hexadecimal digits, not all zero.
  package let parentID: String
  package let isSampled: Bool

  /// Nil for what is no valid header: the trace then begins anew.
  package init?(traceparent: String) {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
      Self.isHex(parts[1], 32), parts[1].contains(where: { $0 != "0" }), Self.isHex(parts[2], 16),
      parts[2].contains(where: { $0 != "0" }), Self.isHex(parts[3], 2), let flags = UInt8(parts[3], radix: 16)
    else { return nil }
    traceID = String(parts[1])
    parentID = String(parts[2])
    isSampled = flags & 1 == 1
  }

  /// A new trace, from the randomness given.
  package init(using random: inout some RandomNumberGenerator, isSampled: Bool = false) {
    traceID = Self.hex(random.next()) + Self.hex(Self.nonZero(&random))
    parentID = Self.hex(Self.nonZero(&random))
    self.isSampled = isSampled
  }

  private init(traceID: String, parentID: String, isSampled: Bool) {
    self.traceID = traceID
    self.parentID = parentID
    self.isSampled = isSampled
  }

  /// The same trace with a new span, for what is called next.
  package func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(traceID: traceID, parentID: Self.hex(Self.nonZero(&random)), isSampled: isSampled)
  }

  /// The header's value, in version 00.
  package var traceparent: String { "00-\(traceID)-\(parentID)-\(isSampled ? "01" : "00")" }

  private static func nonZero(_ random: inout some RandomNumberGenerator) -> UInt64 { max(1, random.next()) }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func isHex(_ text: Substring, _ count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
