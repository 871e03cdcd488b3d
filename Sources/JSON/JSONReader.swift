/// Reads one JSON text strictly: RFC 8259 as narrowed by RFC 7493 (I-JSON).
///
/// UTF-8 without a byte order mark; no member twice; no lone surrogate, noncharacter or U+0000; at most 32 levels of arrays
/// and objects; nothing but white space after the value. It fails at the first fault, with the place.
package struct JSONReader {
  /// How deeply arrays and objects may nest: more than any body of the API, and far less than a stack holds.
  package static let maximumDepth = 32

  /// The largest integer that every reader of JSON keeps exactly, 2^53-1.
  package static let largestInteger: Int64 = 9_007_199_254_740_991

  let bytes: UnsafeRawBufferPointer
  var index = 0

  private init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  package static func read(_ text: [UInt8]) throws(JSONError) -> JSONValue {
    try text.withUnsafeBufferPointer { (buffer) throws(JSONError) in try read(UnsafeRawBufferPointer(buffer)) }
  }

  package static func read(_ text: ArraySlice<UInt8>) throws(JSONError) -> JSONValue {
    try text.withUnsafeBufferPointer { (buffer) throws(JSONError) in try read(UnsafeRawBufferPointer(buffer)) }
  }

  package static func read(_ text: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
    var reader = JSONReader(text)
    return try reader.readText()
  }

  private mutating func readText() throws(JSONError) -> JSONValue {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { throw JSONError(.byteOrderMark, at: 0) }
    skipSpace()
    guard index < bytes.count else { throw JSONError(.empty, at: index) }
    let value = try readValue(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw JSONError(.trailingBytes, at: index) }
    return value
  }

  /// `depth` counts the arrays and objects around the value.
  private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
    guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    switch bytes[index] {
    case UInt8(ascii: "\""):
      index += 1
      return .string(try readString())
    case UInt8(ascii: "{"):
      guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: index) }
      index += 1
      return .object(try readObject(depth: depth + 1))
    case UInt8(ascii: "["):
      guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: index) }
      index += 1
      return .array(try readArray(depth: depth + 1))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try readNumber()
    case UInt8(ascii: "t"):
      try readLiteral("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try readLiteral("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try readLiteral("null")
      return .null
    default:
      throw JSONError(.unexpectedByte, at: index)
    }
  }

  /// From after the opening bracket to after the closing one.
  private mutating func readArray(depth: Int) throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) { return elements }
    while true {
      do {
        elements.append(try readValue(depth: depth))
      } catch {
        throw error.inside(elements.count)
      }
      skipSpace()
      if skip(UInt8(ascii: "]")) { return elements }
      try expect(UInt8(ascii: ","))
      skipSpace()
    }
  }

  /// From after the opening brace to after the closing one.
  private mutating func readObject(depth: Int) throws(JSONError) -> JSONObject {
    var members: [JSONObject.Member] = []
    var names = MemberNames()
    skipSpace()
    if skip(UInt8(ascii: "}")) { return JSONObject(distinct: members) }
    while true {
      let start = index
      try expect(UInt8(ascii: "\""))
      let name = try readString()
      guard names.insert(name, beside: members) else { throw JSONError(.duplicateKey, at: start).inside(name) }
      skipSpace()
      try expect(UInt8(ascii: ":"))
      skipSpace()
      do {
        members.append(JSONObject.Member(name: name, value: try readValue(depth: depth)))
      } catch {
        throw error.inside(name)
      }
      skipSpace()
      if skip(UInt8(ascii: "}")) { return JSONObject(distinct: members) }
      try expect(UInt8(ascii: ","))
      skipSpace()
    }
  }

  private mutating func readLiteral(_ literal: StaticString) throws(JSONError) {
    for offset in 0..<literal.utf8CodeUnitCount {
      guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
      guard bytes[index] == literal.utf8Start[offset] else { throw JSONError(.unexpectedByte, at: index) }
      index += 1
    }
  }

  // MARK: Steps

  private mutating func skipSpace() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index &+= 1
      default: return
      }
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index &+= 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    guard bytes[index] == byte else { throw JSONError(.unexpectedByte, at: index) }
    index &+= 1
  }
}

/// Tells a second occurrence of a name: by a walk among few members, by a set among many (a walk would be quadratic).
///
/// Names are compared by their code points, since canonically equivalent ones are different members (RFC 8259 section 8.3),
/// and Swift's `==` holds them equal.
private struct MemberNames {
  private static let walkable = 8
  private var set: Set<[UInt8]> = []

  mutating func insert(_ name: String, beside members: [JSONObject.Member]) -> Bool {
    if members.count < Self.walkable {
      return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }
    if members.count == Self.walkable {
      for member in members { set.insert(Array(member.name.utf8)) }
    }
    return set.insert(Array(name.utf8)).inserted
  }
}
