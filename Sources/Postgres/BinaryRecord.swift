/// A composite value in the binary form of PostgreSQL's `record_send`: a count of columns, then type, length and bytes of each.
///
/// A way to keep several arrays in one `bytea` that the server copies through without taking it apart. It borrows the bytes: use
/// it inside of `Row.withBytes` only.
package struct BinaryRecord {
  private let bytes: UnsafeRawBufferPointer
  private let columns: [Range<Int>]

  /// NULL columns read as empty arrays.
  package init(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
    self.bytes = bytes
    var reader = Reader(bytes)
    let count = try reader.count(elementBytes: 8)
    var columns: [Range<Int>] = []
    columns.reserveCapacity(count)
    for _ in 0..<count {
      try reader.skip(4)
      columns.append(try reader.value() ?? reader.offset..<reader.offset)
    }
    self.columns = columns
  }

  package func strings(_ column: Int) throws(PostgresError) -> [String] {
    try elements(column) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  package func optionalStrings(_ column: Int) throws(PostgresError) -> [String?] {
    try elements(column) { .some($0.map { String(decoding: $0, as: UTF8.self) }) }
  }

  package func uuids(_ column: Int) throws(PostgresError) -> [UUIDBytes] {
    try elements(column) { $0.flatMap { UUIDBytes($0) } }
  }

  package func bools(_ column: Int) throws(PostgresError) -> [Bool] {
    try elements(column) { $0.flatMap { $0.count == 1 ? $0[0] != 0 : nil } }
  }

  package func optionalInt64s(_ column: Int) throws(PostgresError) -> [Int64?] {
    try elements(column) { bytes in
      guard let bytes else { return .some(nil) }
      return bytes.count == 8 ? .some(bytes.integer(Int64.self)) : nil
    }
  }

  package func optionalInt32s(_ column: Int) throws(PostgresError) -> [Int32?] {
    try elements(column) { bytes in
      guard let bytes else { return .some(nil) }
      return bytes.count == 4 ? .some(bytes.integer(Int32.self)) : nil
    }
  }

  // MARK: The format

  /// `decode` gets nil for NULL, and gives nil for what is a fault.
  @inline(__always)
  private func elements<Element>(
    _ column: Int, _ decode: (UnsafeRawBufferPointer?) -> Element?
  ) throws(PostgresError) -> [Element] {
    guard columns.indices.contains(column) else { throw Reader.malformed }
    guard !columns[column].isEmpty else { return [] }
    var reader = Reader(UnsafeRawBufferPointer(rebasing: bytes[columns[column]]))
    // array_send: dimensions, has-null, element type; then size and lower bound of the one dimension.
    let dimensions = try reader.int32()
    try reader.skip(8)
    guard dimensions == 1 else {
      guard dimensions == 0 else { throw Reader.malformed }
      return []
    }
    let count = try reader.count(elementBytes: 4)
    try reader.skip(4)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      let bytes = try reader.value().map { UnsafeRawBufferPointer(rebasing: reader.bytes[$0]) }
      guard let element = decode(bytes) else { throw Reader.malformed }
      elements.append(element)
    }
    return elements
  }

  /// Walks big-endian lengths and values without ever leaving the bytes.
  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    static let malformed = PostgresError.decoding(
      DecodingFault(column: 0, columnName: "record", wanted: "record", reason: .malformed))

    mutating func int32() throws(PostgresError) -> Int {
      guard offset + 4 <= bytes.count else { throw Self.malformed }
      defer { offset += 4 }
      return Int(bytes.integer(Int32.self, at: offset))
    }

    mutating func skip(_ count: Int) throws(PostgresError) {
      guard offset + count <= bytes.count else { throw Self.malformed }
      offset += count
    }

    /// A count whose elements take at least so many bytes each: a wrong one must not reserve memory.
    mutating func count(elementBytes: Int) throws(PostgresError) -> Int {
      let count = try int32()
      guard count >= 0, count <= (bytes.count - offset) / elementBytes + 1 else { throw Self.malformed }
      return count
    }

    /// A length and that many bytes; nil for NULL.
    mutating func value() throws(PostgresError) -> Range<Int>? {
      let length = try int32()
      if length == -1 { return nil }
      guard length >= 0, offset + length <= bytes.count else { throw Self.malformed }
      defer { offset += length }
      return offset..<(offset + length)
    }
  }
}
