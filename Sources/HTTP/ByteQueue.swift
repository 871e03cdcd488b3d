/// Received bytes that wait for a parser: appended at the end, taken from the front without moving the rest each time.
struct ByteQueue: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where the bytes begin that are not taken yet.
  private(set) var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    // Moves what is left at most once for each append.
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The first `count` bytes; the whole storage changes hands where it is all, which is the common case.
  mutating func take(_ count: Int) -> [UInt8] {
    if start == 0, count == bytes.count {
      defer { bytes = [] }
      return bytes
    }
    defer { drop(count) }
    return Array(bytes[start..<(start + count)])
  }

  mutating func drop(_ count: Int) {
    start += count
    if isEmpty { clear() }
  }

  mutating func clear() {
    bytes = []
    start = 0
  }
}
