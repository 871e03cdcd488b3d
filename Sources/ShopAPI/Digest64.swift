/// A quick 64-bit digest (FNV-1a over words) for entity tags: it tells versions of one answer apart, and guards nothing.
struct Digest64 {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: Int64) {
    state = (state ^ UInt64(bitPattern: word)) &* 0x0000_0100_0000_01B3
    state ^= state >> 29
  }

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(Int64(byte)) }
    add(Int64(bytes.count))
  }

  mutating func add(_ text: String?) {
    guard let text else { return add(-1) }
    for byte in text.utf8 { add(Int64(byte)) }
  }

  var text: String { String(state, radix: 36) }
}
