/// A one-dimensional array in the binary form of `array_send`, read where it lies: no element is copied or allocated.
///
/// It is checked as a whole when it is made, so that reading its elements cannot fail. They are taken in order, by the method for
/// their kind; a copy of the array reads on from the same place. Beyond the last there are only empty values.
package struct BinaryArray {
  /// What the elements are. All but the optional text and the integers refuse NULL.
  package enum Kind {
    case text, optionalText, uuid, bool, int32, int64

    fileprivate func takes(_ value: UnsafeRawBufferPointer?) -> Bool {
      guard let value else { return self == .optionalText || self == .int32 || self == .int64 }
      return switch self {
      case .text, .optionalText: true
      case .uuid: value.count == 16
      case .bool: value.count == 1
      case .int32: value.count == 4
      case .int64: value.count == 8
      }
    }
  }

  /// How many elements there are from here on.
  package private(set) var count = 0
  private var reader: BinaryReader

  init(_ bytes: UnsafeRawBufferPointer, _ kind: Kind) throws(PostgresError) {
    reader = BinaryReader(bytes)
    guard !bytes.isEmpty else { return }
    // Dimensions, has-null, element type; then size and lower bound of the one dimension.
    let dimensions = try reader.int32()
    try reader.skip(8)
    guard dimensions == 1 else {
      guard dimensions == 0 else { throw BinaryReader.malformed }
      return
    }
    count = try reader.count(elementBytes: 4)
    try reader.skip(4)
    var check = reader
    for _ in 0..<count {
      guard kind.takes(try check.value()) else { throw BinaryReader.malformed }
    }
  }

  /// UTF-8: the server has validated it.
  package mutating func nextText() -> UnsafeRawBufferPointer { next() ?? UnsafeRawBufferPointer(start: nil, count: 0) }

  package mutating func nextOptionalText() -> UnsafeRawBufferPointer? { next() }

  package mutating func nextUUID() -> UUIDBytes { next().flatMap { UUIDBytes($0) } ?? UUIDBytes(high: 0, low: 0) }

  package mutating func nextBool() -> Bool { next().map { $0.contains { $0 != 0 } } ?? false }

  package mutating func nextInt32() -> Int32? { next().flatMap { $0.count == 4 ? $0.integer(Int32.self) : nil } }

  package mutating func nextInt64() -> Int64? { next().flatMap { $0.count == 8 ? $0.integer(Int64.self) : nil } }

  package mutating func skip(_ elements: Int) {
    for _ in 0..<elements { _ = next() }
  }

  private mutating func next() -> UnsafeRawBufferPointer? {
    guard count > 0 else { return nil }
    count -= 1
    return reader.checkedValue()
  }
}
