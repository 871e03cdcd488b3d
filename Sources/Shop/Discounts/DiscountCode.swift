/// What a shopper types to pay less: 3 to 64 visible ASCII characters, kept in capitals, so that case does not matter.
package struct DiscountCode: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package static let lengths = 3...64
  package static let rule = "A discount code is \(lengths.lowerBound) to \(lengths.upperBound) visible ASCII characters."

  /// Refuses (nil) what breaks the rule above.
  package init?(_ text: some StringProtocol) {
    guard Self.lengths.contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    self.text = text.uppercased()
  }

  package var description: String { text }
}
