import CLibPQ

/// One row of a result; columns are numbered from zero. A NULL, or another type than asked for, throws `.decoding`.
package struct Row {
  let rows: Rows
  package let index: Int

  init(_ rows: Rows, _ index: Int) {
    self.rows = rows
    self.index = index
  }

  // MARK: Raw values

  /// The value's bytes, nil for NULL; they live as long as the rows.
  func value(_ column: Int, _ wanted: StaticString) throws(PostgresError) -> UnsafeRawBufferPointer? {
    guard column >= 0, column < rows.columnCount else { throw fault(column, wanted, .noSuchColumn) }
    guard index >= 0, index < rows.count else { throw fault(column, wanted, .noSuchRow) }
    let row = Int32(truncatingIfNeeded: index)
    let column = Int32(truncatingIfNeeded: column)
    let length = Int(PQgetlength(rows.result, row, column))
    if length == 0 && PQgetisnull(rows.result, row, column) == 1 { return nil }
    return UnsafeRawBufferPointer(start: PQgetvalue(rows.result, row, column), count: length)
  }

  func type(_ column: Int) -> UInt32 { PQftype(rows.result, Int32(truncatingIfNeeded: column)) }

  func fault(_ column: Int, _ wanted: StaticString, _ reason: DecodingFault.Reason) -> PostgresError {
    let name = column >= 0 && column < rows.columnCount ? rows.columnName(column) : ""
    return .decoding(DecodingFault(column: column, columnName: name, wanted: "\(wanted)", reason: reason))
  }

  private func present<Value>(_ value: Value?, _ column: Int, _ wanted: StaticString) throws(PostgresError) -> Value {
    guard let value else { throw fault(column, wanted, .null) }
    return value
  }

  package func isNull(_ column: Int) throws(PostgresError) -> Bool { try value(column, "any") == nil }

  /// Lends the value's bytes as the server sent them, without a copy; nil for NULL.
  package func withBytes<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer?) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try body(try value(column, "bytes"))
  }

  /// The bytes of a text or `bytea` where the server's answer has them, not copied: good as long as `lend` runs.
  package func borrowedBytes(_ column: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
    let bytes = try present(try value(column, "bytes"), column, "bytes")
    guard type(column) == TypeID.bytea || TypeID.isText(type(column)) else {
      throw fault(column, "bytes", .type(type(column)))
    }
    return bytes
  }

  /// Runs `body`, during which what was borrowed from the row stays where it is.
  package func lend(_ body: () throws(PostgresError) -> Void) throws(PostgresError) {
    defer { withExtendedLifetime(rows) {} }
    try body()
  }

  // MARK: Numbers

  /// `bigint`, and the narrower integers.
  package func int64(_ column: Int) throws(PostgresError) -> Int64 {
    try present(try optionalInt64(column), column, "int64")
  }

  package func optionalInt64(_ column: Int) throws(PostgresError) -> Int64? {
    guard let bytes = try value(column, "int64") else { return nil }
    switch (type(column), bytes.count) {
    case (TypeID.int8, 8): return bytes.integer(Int64.self)
    case (TypeID.int4, 4): return Int64(bytes.integer(Int32.self))
    case (TypeID.int2, 2): return Int64(bytes.integer(Int16.self))
    case (let type, _): throw fault(column, "int64", .type(type))
    }
  }

  /// `integer` and `smallint`.
  package func int32(_ column: Int) throws(PostgresError) -> Int32 {
    try present(try optionalInt32(column), column, "int32")
  }

  package func optionalInt32(_ column: Int) throws(PostgresError) -> Int32? {
    guard let bytes = try value(column, "int32") else { return nil }
    switch (type(column), bytes.count) {
    case (TypeID.int4, 4): return bytes.integer(Int32.self)
    case (TypeID.int2, 2): return Int32(bytes.integer(Int16.self))
    case (let type, _): throw fault(column, "int32", .type(type))
    }
  }

  /// Any integer column.
  package func int(_ column: Int) throws(PostgresError) -> Int { Int(try int64(column)) }

  package func optionalInt(_ column: Int) throws(PostgresError) -> Int? { try optionalInt64(column).map { Int($0) } }

  package func double(_ column: Int) throws(PostgresError) -> Double {
    try present(try optionalDouble(column), column, "double")
  }

  package func optionalDouble(_ column: Int) throws(PostgresError) -> Double? {
    guard let bytes = try value(column, "double") else { return nil }
    switch (type(column), bytes.count) {
    case (TypeID.float8, 8): return Double(bitPattern: bytes.integer(UInt64.self))
    case (TypeID.float4, 4): return Double(Float(bitPattern: bytes.integer(UInt32.self)))
    case (let type, _): throw fault(column, "double", .type(type))
    }
  }

  package func bool(_ column: Int) throws(PostgresError) -> Bool { try present(try optionalBool(column), column, "bool") }

  package func optionalBool(_ column: Int) throws(PostgresError) -> Bool? {
    guard let bytes = try value(column, "bool") else { return nil }
    guard type(column) == TypeID.bool, bytes.count == 1 else { throw fault(column, "bool", .type(type(column))) }
    return bytes[0] != 0
  }

  // MARK: Text, bytes, identifiers, time

  /// Text-like types, enums and `json`.
  package func string(_ column: Int) throws(PostgresError) -> String {
    try present(try optionalString(column), column, "string")
  }

  package func optionalString(_ column: Int) throws(PostgresError) -> String? {
    guard let bytes = try value(column, "string") else { return nil }
    guard TypeID.isText(type(column)) else { throw fault(column, "string", .type(type(column))) }
    // client_encoding is UTF8, so the server has validated it.
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `bytea`, and the UTF-8 of text-like types.
  package func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
    try present(try optionalBytes(column), column, "bytes")
  }

  package func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
    guard let bytes = try value(column, "bytes") else { return nil }
    guard type(column) == TypeID.bytea || TypeID.isText(type(column)) else {
      throw fault(column, "bytes", .type(type(column)))
    }
    return [UInt8](bytes)
  }

  package func uuid(_ column: Int) throws(PostgresError) -> UUIDBytes {
    try present(try optionalUUID(column), column, "uuid")
  }

  package func optionalUUID(_ column: Int) throws(PostgresError) -> UUIDBytes? {
    guard let bytes = try value(column, "uuid") else { return nil }
    guard type(column) == TypeID.uuid, let uuid = UUIDBytes(bytes) else {
      throw fault(column, "uuid", .type(type(column)))
    }
    return uuid
  }

  /// Microseconds since 1970 UTC, of `timestamptz` and `timestamp`; infinities are the extremes of Int64.
  package func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
    try present(try optionalTimestamp(column), column, "timestamp")
  }

  package func optionalTimestamp(_ column: Int) throws(PostgresError) -> Int64? {
    guard let bytes = try value(column, "timestamp") else { return nil }
    let type = type(column)
    guard type == TypeID.timestamptz || type == TypeID.timestamp, bytes.count == 8 else {
      throw fault(column, "timestamp", .type(type))
    }
    return PostgresTime.decode(bytes.integer(Int64.self))
  }

  // MARK: JSON

  /// The text of `jsonb` or `json`.
  package func jsonText(_ column: Int) throws(PostgresError) -> String {
    try present(try optionalJSONText(column), column, "json")
  }

  package func optionalJSONText(_ column: Int) throws(PostgresError) -> String? {
    try json(column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Lends the text of `jsonb` or `json` as UTF-8 without a copy; nil for NULL.
  package func withJSON<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer?) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try body(try json(column))
  }

  private func json(_ column: Int) throws(PostgresError) -> UnsafeRawBufferPointer? {
    guard let bytes = try value(column, "json") else { return nil }
    switch type(column) {
    case TypeID.json: return bytes
    case TypeID.jsonb:
      guard bytes.first == PostgresFormat.jsonbVersion else { throw fault(column, "json", .malformed) }
      return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    case let type: throw fault(column, "json", .type(type))
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The big-endian integer at `offset`; the caller has checked that it is inside.
  func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int = 0) -> Integer {
    Integer(bigEndian: loadUnaligned(fromByteOffset: offset, as: Integer.self))
  }
}
