import Glibc

/// One request that is due, whether it can be sent yet or not: its latency counts from then on.
struct Arrival {
  let kind: Int
  let due: UInt64
  let phase: Int
  let request: [UInt8]
}

/// Requests of one kind, from a file as `deploy/bench/requests.lua` reads it: a line with the length, then the bytes, again and again.
struct RequestKind {
  let label: String
  let weight: Double
  /// Sent at most once each, as what changes a cart for good must be.
  let isOnce: Bool
  private let requests: [[UInt8]]
  private var next = 0

  /// `LABEL:WEIGHT:FILE`, with `LABEL!` for those to be sent once.
  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3, let weight = Double(parts[1]), weight > 0, let bytes = Self.contents(of: parts[2]) else { return nil }
    isOnce = parts[0].hasSuffix("!")
    label = isOnce ? String(parts[0].dropLast()) : parts[0]
    self.weight = weight
    var requests: [[UInt8]] = []
    var index = 0
    while let end = bytes[index...].firstIndex(of: 0x0A) {
      guard let length = Int(String(decoding: bytes[index..<end], as: UTF8.self)), end + 1 + length <= bytes.count else {
        return nil
      }
      requests.append(Array(bytes[(end + 1)..<(end + 1 + length)]))
      index = end + 1 + length
    }
    guard !requests.isEmpty else { return nil }
    self.requests = requests
  }

  mutating func take() -> [UInt8]? {
    if next == requests.count {
      if isOnce { return nil }
      next = 0
    }
    defer { next += 1 }
    return requests[next]
  }

  private static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes.append(contentsOf: buffer[..<count]) }
    return bytes
  }
}
