/// One-dimensional arrays in array_send's format. The plain forms refuse NULL elements; the `optional` ones give nil for them.
/// A NULL array throws; write `coalesce(…, '{}')` where it may be one.
extension Row {
  package func strings(_ column: Int) throws(PostgresError) -> [String] {
    try elements(column, "text[]", TypeID.isText) { String(decoding: $0, as: UTF8.self) }
  }

  package func optionalStrings(_ column: Int) throws(PostgresError) -> [String?] {
    try optionalElements(column, "text[]", TypeID.isText) { String(decoding: $0, as: UTF8.self) }
  }

  package func int64s(_ column: Int) throws(PostgresError) -> [Int64] {
    try elements(column, "bigint[]", { $0 == TypeID.int8 }) { $0.count == 8 ? $0.integer(Int64.self) : nil }
  }

  package func optionalInt64s(_ column: Int) throws(PostgresError) -> [Int64?] {
    try optionalElements(column, "bigint[]", { $0 == TypeID.int8 }) { $0.count == 8 ? $0.integer(Int64.self) : nil }
  }

  package func int32s(_ column: Int) throws(PostgresError) -> [Int32] {
    try elements(column, "integer[]", { $0 == TypeID.int4 }) { $0.count == 4 ? $0.integer(Int32.self) : nil }
  }

  package func optionalInt32s(_ column: Int) throws(PostgresError) -> [Int32?] {
    try optionalElements(column, "integer[]", { $0 == TypeID.int4 }) { $0.count == 4 ? $0.integer(Int32.self) : nil }
  }

  package func bools(_ column: Int) throws(PostgresError) -> [Bool] {
    try elements(column, "boolean[]", { $0 == TypeID.bool }) { $0.count == 1 ? $0[0] != 0 : nil }
  }

  package func uuids(_ column: Int) throws(PostgresError) -> [UUIDBytes] {
    try elements(column, "uuid[]", { $0 == TypeID.uuid }) { UUIDBytes($0) }
  }

  package func optionalUUIDs(_ column: Int) throws(PostgresError) -> [UUIDBytes?] {
    try optionalElements(column, "uuid[]", { $0 == TypeID.uuid }) { UUIDBytes($0) }
  }

  /// Microseconds since 1970.
  package func timestamps(_ column: Int) throws(PostgresError) -> [Int64] {
    try elements(column, "timestamptz[]", { $0 == TypeID.timestamptz }) {
      $0.count == 8 ? PostgresTime.decode($0.integer(Int64.self)) : nil
    }
  }

  /// Texts of a `jsonb[]`.
  package func jsonTexts(_ column: Int) throws(PostgresError) -> [String] {
    try elements(column, "jsonb[]", { $0 == TypeID.jsonb }) {
      $0.first == PostgresFormat.jsonbVersion ? String(decoding: $0.dropFirst(), as: UTF8.self) : nil
    }
  }

  // MARK: The format

  private func elements<Element>(
    _ column: Int, _ wanted: StaticString, _ isWanted: (UInt32) -> Bool, _ element: (UnsafeRawBufferPointer) -> Element?
  ) throws(PostgresError) -> [Element] {
    var values: [Element] = []
    try walk(column, wanted, isWanted, { values.reserveCapacity($0) }) { bytes throws(PostgresError) in
      guard let bytes else { throw fault(column, wanted, .null) }
      guard let value = element(bytes) else { throw fault(column, wanted, .malformed) }
      values.append(value)
    }
    return values
  }

  private func optionalElements<Element>(
    _ column: Int, _ wanted: StaticString, _ isWanted: (UInt32) -> Bool, _ element: (UnsafeRawBufferPointer) -> Element?
  ) throws(PostgresError) -> [Element?] {
    var values: [Element?] = []
    try walk(column, wanted, isWanted, { values.reserveCapacity($0) }) { bytes throws(PostgresError) in
      guard let bytes else {
        values.append(nil)
        return
      }
      guard let value = element(bytes) else { throw fault(column, wanted, .malformed) }
      values.append(value)
    }
    return values
  }

  private func walk(
    _ column: Int, _ wanted: StaticString, _ isWanted: (UInt32) -> Bool, _ reserve: (Int) -> Void,
    _ body: (UnsafeRawBufferPointer?) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    guard let bytes = try value(column, wanted) else { throw fault(column, wanted, .null) }
    // Bytes 0..<4 dimensions, 4..<8 has-null, 8..<12 element type; then size and lower bound of each dimension.
    guard bytes.count >= 12 else { throw fault(column, wanted, .type(type(column))) }
    let dimensions = bytes.integer(Int32.self)
    let elementType = bytes.integer(UInt32.self, at: 8)
    guard (0...1).contains(dimensions), (0...1).contains(bytes.integer(Int32.self, at: 4)), isWanted(elementType) else {
      throw fault(column, wanted, .type(type(column)))
    }
    guard dimensions == 1 else { return }
    guard bytes.count >= 20 else { throw fault(column, wanted, .malformed) }
    let count = Int(bytes.integer(Int32.self, at: 12))
    // Each element takes at least its length word: a wrong count must not reserve memory.
    guard count >= 0, count <= (bytes.count - 20) / 4 else { throw fault(column, wanted, .malformed) }
    reserve(count)
    var offset = 20
    for _ in 0..<count {
      guard offset + 4 <= bytes.count else { throw fault(column, wanted, .malformed) }
      let length = Int(bytes.integer(Int32.self, at: offset))
      offset += 4
      if length == -1 {
        try body(nil)
        continue
      }
      guard length >= 0, offset + length <= bytes.count else { throw fault(column, wanted, .malformed) }
      try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
      offset += length
    }
  }
}
