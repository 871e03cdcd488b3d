/// Finds the lines of a head in bytes that may still grow; looks at each byte about once, whatever the split.
///
/// Offsets count from the head's first byte. Every line ends in CRLF: a bare LF, a bare CR or another control character is
/// refused as soon as it is there (RFC 9112, section 2.2; RFC 9110, section 5.5).
struct LineReader {
  private(set) var position = 0
  private var scanned = 0

  /// The next line without its CRLF, or nil while it is incomplete; `tooLong` when it has more than `limit` bytes.
  @inline(__always)
  mutating func next(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, limit: Int, tooLong: @autoclosure () -> ParseFailure
  ) throws(ParseFailure) -> Range<Int>? {
    // The window ends where the limit does, so that a long line fails in the same way however much of it is here.
    let window = min(count, position + limit + 1)
    let end = Bytes.firstControl(bytes, from: scanned, to: window)
    guard end < window else {
      guard end - position <= limit else { throw tooLong() }
      scanned = end
      return nil
    }
    guard bytes[end] == 0x0D else {
      throw bytes[end] == 0x0A
        ? .malformed("a line ends in LF without CR", section: "RFC 9112, 2.2")
        : .malformed("a control character is in the head", section: "RFC 9110, 5.5")
    }
    guard end + 1 < count else {
      scanned = end
      return nil
    }
    guard bytes[end + 1] == 0x0A else { throw .malformed("a CR is not followed by LF", section: "RFC 9112, 2.2") }
    let line = position..<end
    position = end + 2
    scanned = position
    return line
  }
}
