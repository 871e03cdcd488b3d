/// The readable name of a product or category in a URL: `linen-shirt`.
///
/// Lower-case ASCII letters and digits in groups joined by single hyphens, 1 to 128 characters, and never the text of an
/// identifier: `GET /products/{id or handle}` must have one meaning.
package struct Handle: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package static let longest = 128

  /// Refuses (nil) what breaks the rules above.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...Self.longest).contains(bytes.count) else { return nil }
    var wasHyphen = true
    for byte in bytes {
      switch byte {
      case 0x61...0x7A, 0x30...0x39: wasHyphen = false
      case UInt8(ascii: "-") where !wasHyphen: wasHyphen = true
      default: return nil
      }
    }
    guard !wasHyphen else { return nil }
    self.text = text
  }

  package var description: String { text }
}

extension Handle: Comparable {
  package static func < (left: Handle, right: Handle) -> Bool { left.text < right.text }
}
