/// The fields of a response, kept as the bytes that go on the wire.
package struct HeaderFields: Sendable, Equatable {
  private(set) package var encoded: [UInt8] = []

  package init() {}

  /// Fields that never change, encoded once.
  package init(_ fields: KeyValuePairs<StaticString, StaticString>) {
    for (name, value) in fields { append(name, value) }
  }

  /// What an answer usually has, in one allocation.
  private static let usualCount = 320

  private mutating func begin() { if encoded.isEmpty { encoded.reserveCapacity(Self.usualCount) } }

  package mutating func append(_ name: StaticString, _ value: StaticString) {
    begin()
    name.withUTF8Buffer { encoded.append(contentsOf: $0) }
    encoded.append(contentsOf: [0x3A, 0x20])
    value.withUTF8Buffer { encoded.append(contentsOf: $0) }
    encoded.append(contentsOf: [0x0D, 0x0A])
  }

  /// A value from outside: control characters, which would end the field early, become spaces (RFC 9110, section 5.5).
  package mutating func append(_ name: StaticString, _ value: String) {
    var value = value
    value.withUTF8 { append(name, $0) }
  }

  /// As `append` of a text, of bytes.
  package mutating func append(_ name: StaticString, _ value: [UInt8]) { value.withUnsafeBufferPointer { append(name, $0) } }

  private mutating func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>) {
    begin()
    name.withUTF8Buffer { encoded.append(contentsOf: $0) }
    encoded.append(contentsOf: [0x3A, 0x20])
    if value.allSatisfy(Bytes.isFieldValue) {
      encoded.append(contentsOf: value)
    } else {
      for byte in value { encoded.append(Bytes.isFieldValue(byte) ? byte : 0x20) }
    }
    encoded.append(contentsOf: [0x0D, 0x0A])
  }

  package mutating func append(contentsOf other: HeaderFields) { encoded.append(contentsOf: other.encoded) }

  /// The first value of `name`: for tests and the rare look back, not for hot paths.
  package subscript(_ name: String) -> String? {
    for line in String(decoding: encoded, as: UTF8.self).split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
      return String(line[line.index(colon, offsetBy: 2)...])
    }
    return nil
  }
}
