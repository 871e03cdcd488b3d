/// Reads answers as far as a load generator must: the status, where the content ends, and whether the connection goes on.
struct AnswerReader {
  private var head: [UInt8] = []
  private var status = 0
  private var left = -1
  private(set) var closes = false

  enum Step {
    case needsMore
    case answer(status: Int)
    /// Content without a length, or bytes behind the answer.
    case unreadable
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Step {
    var rest = bytes.count
    if left < 0 {
      let before = head.count
      head.append(contentsOf: bytes)
      guard let end = Self.end(of: head, from: max(0, before - 3)) else { return .needsMore }
      rest = head.count - end
      guard parse(head[..<end]) else { return .unreadable }
      head.removeAll(keepingCapacity: true)
    }
    left -= rest
    guard left <= 0 else { return .needsMore }
    guard left == 0 else { return .unreadable }
    left = -1
    return .answer(status: status)
  }

  /// Where the content begins.
  private static func end(of head: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + 3 < head.count {
      if head[index] == 0x0D, head[index + 1] == 0x0A, head[index + 2] == 0x0D, head[index + 3] == 0x0A { return index + 4 }
      index += 1
    }
    return nil
  }

  private mutating func parse(_ head: ArraySlice<UInt8>) -> Bool {
    let lines = head.split(separator: 0x0A)
    guard let line = lines.first, line.count > 12 else { return false }
    status = line.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1) - 0x30 }
    left = status == 204 || status == 304 ? 0 : -1
    closes = false
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: 0x3A) else { continue }
      let value = line[(colon + 1)...]
      switch (colon - line.startIndex, line[line.startIndex] | 0x20) {
      case (14, UInt8(ascii: "c")): left = value.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1) - 0x30 : $0 }
      case (10, UInt8(ascii: "c")): closes = value.contains(UInt8(ascii: "l"))
      default: break
      }
    }
    return left >= 0
  }
}
