/// The fields of a received head: its bytes once, and the offsets of names and values in them.
struct FieldSection: Sendable {
  struct Field: Sendable {
    let nameStart: UInt32
    let nameCount: UInt32
    let valueStart: UInt32
    let valueCount: UInt32

    var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
    var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
  }

  let bytes: [UInt8]
  let fields: [Field]

  /// `name` is in lower case.
  func first(_ name: StaticString) -> ArraySlice<UInt8>? {
    let found = bytes.withUnsafeBufferPointer { bytes -> Range<Int>? in
      guard let base = bytes.baseAddress else { return nil }
      for field in fields where Bytes.equal(base + Int(field.nameStart), count: Int(field.nameCount), ignoringCase: name) {
        return field.value
      }
      return nil
    }
    return found.map { bytes[$0] }
  }

  func all(_ name: StaticString) -> [ArraySlice<UInt8>] {
    bytes.withUnsafeBufferPointer { bytes -> [Range<Int>] in
      guard let base = bytes.baseAddress else { return [] }
      return fields.filter { Bytes.equal(base + Int($0.nameStart), count: Int($0.nameCount), ignoringCase: name) }.map(\.value)
    }.map { bytes[$0] }
  }

  /// The elements of a comma-separated list over all fields of this name, without empty ones (RFC 9110, section 5.6.1).
  func list(_ name: StaticString) -> [ArraySlice<UInt8>] {
    all(name).flatMap { $0.split(separator: UInt8(ascii: ",")).map { $0.trimmingWhiteSpace() } }.filter { !$0.isEmpty }
  }

  func string(_ name: StaticString) -> String? { first(name).map { String(decoding: $0, as: UTF8.self) } }

  func combined(_ name: StaticString) -> String? {
    let values = all(name)
    return values.isEmpty ? nil : values.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
  }

  var names: [String] { fields.map { String(decoding: bytes[$0.name], as: UTF8.self) } }
}

extension FieldSection.Field {
  /// Reads `NAME ":" OWS VALUE OWS` (RFC 9112, section 5); control characters are gone already.
  @inline(__always)
  init(_ bytes: UnsafePointer<UInt8>, _ line: Range<Int>) throws(ParseFailure) {
    var colon = line.lowerBound
    while colon < line.upperBound, Bytes.isToken(bytes[colon]) { colon += 1 }
    guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
      throw Self.fault(bytes, line, at: colon)
    }
    var lower = colon + 1
    var upper = line.upperBound
    while lower < upper, Bytes.isWhiteSpace(bytes[lower]) { lower += 1 }
    while upper > lower, Bytes.isWhiteSpace(bytes[upper - 1]) { upper -= 1 }
    self.init(
      nameStart: UInt32(truncatingIfNeeded: line.lowerBound), nameCount: UInt32(truncatingIfNeeded: colon - line.lowerBound),
      valueStart: UInt32(truncatingIfNeeded: lower), valueCount: UInt32(truncatingIfNeeded: upper - lower))
  }

  private static func fault(_ bytes: UnsafePointer<UInt8>, _ line: Range<Int>, at index: Int) -> ParseFailure {
    guard index < line.upperBound else { return .malformed("a header line has no colon", section: "RFC 9112, 5") }
    guard Bytes.isWhiteSpace(bytes[index]) else {
      return .malformed("a header name is not a token", section: "RFC 9110, 5.1")
    }
    return index == line.lowerBound
      ? .malformed("a header line is folded", section: "RFC 9112, 5.2")
      : .malformed("white space stands before a header's colon", section: "RFC 9112, 5.1")
  }
}
