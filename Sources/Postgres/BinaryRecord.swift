/// A composite value in the binary form of PostgreSQL's `record_send`: a count of columns, then type, length and bytes of each.
///
/// A way to keep several arrays in one `bytea` that the server copies through without taking it apart. Its columns are taken one
/// after the other. It borrows the bytes: what comes out of it is good as long as they are.
package struct BinaryRecord {
  private var reader: BinaryReader
  private var columnsLeft: Int

  package init(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
    reader = BinaryReader(bytes)
    columnsLeft = try reader.count(elementBytes: 8)
  }

  /// The next column, which must be an array of such elements; NULL reads as an empty one.
  package mutating func nextArray(of kind: BinaryArray.Kind) throws(PostgresError) -> BinaryArray {
    guard columnsLeft > 0 else { throw BinaryReader.malformed }
    columnsLeft -= 1
    try reader.skip(4)
    return try BinaryArray(try reader.value() ?? UnsafeRawBufferPointer(start: nil, count: 0), kind)
  }
}
