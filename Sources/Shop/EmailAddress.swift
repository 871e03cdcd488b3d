/// An address that a mail can be sent to, as typed by the shopper.
///
/// Pragmatic, not all of RFC 5321: `local@domain.tld`, at most 254 bytes, local part at most 64, letters of any script, no
/// quotes, comments, blanks or control characters. Whether it exists is for a mail to find out.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// In bytes.
  package static let longest = 254

  /// Refuses (nil) what no mail could be sent to.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longest, !text.unicodeScalars.contains(where: Self.isBlankOrControl),
      let at = bytes.lastIndex(of: UInt8(ascii: "@")),
      Self.isLocalPart(bytes[..<at]), Self.isDomain(bytes[(at + 1)...])
    else { return nil }
    self.text = text
  }

  package var description: String { text }

  private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: "."), bytes.last != UInt8(ascii: ".") else { return false }
    var wasDot = false
    for byte in bytes {
      let isDot = byte == UInt8(ascii: ".")
      guard !(isDot && wasDot), isDot || isAtext(byte) else { return false }
      wasDot = isDot
    }
    return true
  }

  private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, let top = labels.last, top.count >= 2, !top.allSatisfy({ (0x30...0x39).contains($0) })
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
  }

  private static func isBlankOrControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }

  /// `atext` of RFC 5322, and beyond ASCII as RFC 6531 allows it.
  private static func isAtext(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    default: false
    }
  }
}
