import Shop

/// The bytes of a cursor: version 1, direction, number of keys, keys (kind, then 8 bytes or a length of 2 and text), 16 of the id.
enum CursorPayload {
  private static let version: UInt8 = 1

  private enum Kind: UInt8 {
    case null = 0
    case integer = 1
    case text = 2
  }

  static func encode(_ cursor: Cursor) -> [UInt8] {
    var bytes = [version, cursor.direction.rawValue, UInt8(truncatingIfNeeded: cursor.keys.count)]
    for key in cursor.keys {
      switch key {
      case .null: bytes.append(Kind.null.rawValue)
      case .integer(let number):
        bytes.append(Kind.integer.rawValue)
        append(UInt64(bitPattern: number), length: 8, to: &bytes)
      case .text(let text):
        let text = Array(text.utf8)
        bytes.append(Kind.text.rawValue)
        append(UInt64(text.count), length: 2, to: &bytes)
        bytes.append(contentsOf: text)
      }
    }
    cursor.id.append(to: &bytes)
    return bytes
  }

  /// Nil for anything that `encode` does not write.
  static func decode(_ bytes: [UInt8]) -> Cursor? {
    var rest = bytes[...]
    guard rest.popFirst() == version, let direction = rest.popFirst().flatMap(Cursor.Direction.init(rawValue:)),
      let count = rest.popFirst()
    else { return nil }
    var keys: [Cursor.Key] = []
    for _ in 0..<count {
      switch rest.popFirst().flatMap(Kind.init(rawValue:)) {
      case .null: keys.append(.null)
      case .integer:
        guard let number = number(8, from: &rest) else { return nil }
        keys.append(.integer(Int64(bitPattern: number)))
      case .text:
        guard let length = number(2, from: &rest), rest.count >= Int(length),
          let text = String(validating: rest.prefix(Int(length)), as: UTF8.self)
        else { return nil }
        rest = rest.dropFirst(Int(length))
        keys.append(.text(text))
      case nil: return nil
      }
    }
    guard let id = UUIDv7(bytes: rest) else { return nil }
    return Cursor(keys: keys, id: id, direction: direction)
  }

  private static func append(_ number: UInt64, length: Int, to bytes: inout [UInt8]) {
    for index in (0..<length).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(index * 8))) }
  }

  private static func number(_ length: Int, from rest: inout ArraySlice<UInt8>) -> UInt64? {
    guard rest.count >= length else { return nil }
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
