/// Character classes of RFC 9110 and 3986, as one table look-up each.
enum Bytes {
  private static let token: UInt8 = 1
  private static let fieldValue: UInt8 = 2
  private static let target: UInt8 = 4
  private static let regName: UInt8 = 8

  private static let classes: [UInt8] = (0...255).map { value in
    let byte = UInt8(value)
    let isAlphanumeric = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    var classes: UInt8 = 0
    if isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(byte) { classes |= token }
    // VCHAR, obs-text, SP and HTAB (RFC 9110, 5.5).
    if byte == 9 || (byte >= 0x20 && byte != 0x7F) { classes |= fieldValue }
    if byte > 0x20 && byte < 0x7F && !"\"<>\\^`{}#".utf8.contains(byte) { classes |= target }
    if isAlphanumeric || "-._~!$&'()*+,;=%".utf8.contains(byte) { classes |= regName }
    return classes
  }

  static func isToken(_ byte: UInt8) -> Bool { classes[Int(byte)] & token != 0 }
  static func isFieldValue(_ byte: UInt8) -> Bool { classes[Int(byte)] & fieldValue != 0 }
  /// What a request target may hold: RFC 3986's characters, and brackets, which clients send raw in queries.
  static func isTarget(_ byte: UInt8) -> Bool { classes[Int(byte)] & target != 0 }
  static func isRegName(_ byte: UInt8) -> Bool { classes[Int(byte)] & regName != 0 }

  static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  static func equalIgnoringCase<Left: Collection<UInt8>, Right: Collection<UInt8>>(_ left: Left, _ right: Right) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
