/// The envelope of a cached answer in Redis: what does not open was not written by this program for this key, and is a miss.
///
/// Format: version (1 byte), lengths of tag, annex and body (4 bytes each, little endian), checksum of key and content (8 bytes),
/// tag, annex, body. The checksum finds damage and strangers' data; it is no defence against someone who forges both.
enum CachedValue {
  static let version: UInt8 = 1
  private static let headCount = 1 + 3 * 4 + 8

  static func encode(_ response: CachedResponse, key: String) -> [UInt8] {
    let tag = Array(response.tag.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headCount + response.byteCount)
    bytes.append(version)
    for count in [tag.count, response.annex.count, response.body.count] {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { bytes.append(contentsOf: $0) }
    }
    var checksum = Checksum()
    for part in [Array(key.utf8), tag, response.annex, response.body] { part.withUnsafeBytes { checksum.add($0) } }
    withUnsafeBytes(of: checksum.value.littleEndian) { bytes.append(contentsOf: $0) }
    bytes += tag
    bytes += response.annex
    bytes += response.body
    return bytes
  }

  static func decode(_ bytes: [UInt8], key: String) -> CachedResponse? {
    guard bytes.count >= headCount, bytes[0] == version else { return nil }
    return bytes.withUnsafeBytes { raw in
      func length(_ index: Int) -> Int {
        Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 1 + 4 * index, as: UInt32.self)))
      }
      let (tagCount, annexCount, bodyCount) = (length(0), length(1), length(2))
      guard headCount + tagCount + annexCount + bodyCount == raw.count else { return nil }
      let tag = UnsafeRawBufferPointer(rebasing: raw[headCount..<(headCount + tagCount)])
      let annex = UnsafeRawBufferPointer(rebasing: raw[(headCount + tagCount)..<(headCount + tagCount + annexCount)])
      let body = UnsafeRawBufferPointer(rebasing: raw[(headCount + tagCount + annexCount)...])
      var checksum = Checksum()
      Array(key.utf8).withUnsafeBytes { checksum.add($0) }
      for part in [tag, annex, body] { checksum.add(part) }
      guard checksum.value == UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 13, as: UInt64.self)),
        let tag = String(validating: tag, as: UTF8.self)
      else { return nil }
      return CachedResponse(body: Array(body), tag: tag, annex: Array(annex))
    }
  }

  /// Eight bytes a step, so that a listing's kilobytes cost about a microsecond; each step can be undone, so that no two contents
  /// that differ in one place have one sum.
  struct Checksum {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    private mutating func mix(_ word: UInt64) {
      state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
      state ^= state >> 32
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      var offset = 0
      while offset + 8 <= bytes.count {
        mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      var tail: UInt64 = 0
      for index in offset..<bytes.count { tail = tail << 8 | UInt64(bytes[index]) }
      mix(tail)
      mix(UInt64(bytes.count))
    }

    var value: UInt64 { state }
  }
}
