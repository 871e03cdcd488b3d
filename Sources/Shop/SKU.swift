/// The merchant's own name of a variant, unique in the shop, exactly as given: case counts.
///
/// 1 to 64 visible ASCII characters, no blanks. A SKU may look like a card number (a GTIN-13 often does), so it is not checked.
package struct SKU: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package static let longest = 64

  /// Refuses (nil) what breaks the rules above.
  package init?(_ text: String) {
    guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    self.text = text
  }

  package var description: String { text }
}
