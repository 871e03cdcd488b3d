/// Walks the big-endian lengths and values of PostgreSQL's binary forms without ever leaving their bytes.
struct BinaryReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  static let malformed = PostgresError.decoding(
    DecodingFault(column: 0, columnName: "record", wanted: "record", reason: .malformed))

  @inline(__always)
  mutating func int32() throws(PostgresError) -> Int {
    guard bytes.count - offset >= 4 else { throw Self.malformed }
    defer { offset += 4 }
    return Int(bytes.integer(Int32.self, at: offset))
  }

  @inline(__always)
  mutating func skip(_ count: Int) throws(PostgresError) {
    guard bytes.count - offset >= count else { throw Self.malformed }
    offset += count
  }

  /// A count whose elements take at least so many bytes each: a wrong one must not keep anyone busy.
  mutating func count(elementBytes: Int) throws(PostgresError) -> Int {
    let count = try int32()
    guard count >= 0, count <= (bytes.count - offset) / elementBytes + 1 else { throw Self.malformed }
    return count
  }

  /// A length and that many bytes; nil for NULL.
  @inline(__always)
  mutating func value() throws(PostgresError) -> UnsafeRawBufferPointer? {
    let length = try int32()
    guard length >= 0 else {
      guard length == -1 else { throw Self.malformed }
      return nil
    }
    guard bytes.count - offset >= length else { throw Self.malformed }
    defer { offset += length }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
  }

  /// As `value`, of bytes that `value` has walked through before.
  @inline(__always)
  mutating func checkedValue() -> UnsafeRawBufferPointer? {
    let length = Int(bytes.integer(Int32.self, at: offset))
    offset += 4
    guard length >= 0 else { return nil }
    defer { offset += length }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
  }
}
