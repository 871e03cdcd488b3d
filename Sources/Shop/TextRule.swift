/// What a free text must keep to: its length, no control characters, and nothing that looks like a card number.
package struct TextRule: Sendable {
  /// In Unicode scalars, as PostgreSQL's `char_length` counts.
  package let longest: Int
  /// Whether line feeds and tabs are welcome.
  package let isMultiline: Bool
  /// Whether a text that looks like a card number is refused.
  package let refusesCardNumbers: Bool

  package init(longest: Int, isMultiline: Bool = false, refusesCardNumbers: Bool = true) {
    self.longest = longest
    self.isMultiline = isMultiline
    self.refusesCardNumbers = refusesCardNumbers
  }

  package static let title = TextRule(longest: 255)
  package static let categoryTitle = TextRule(longest: 200)
  package static let productDescription = TextRule(longest: 20_000, isMultiline: true)
  package static let optionName = TextRule(longest: 64)
  package static let optionValue = TextRule(longest: 128)
  package static let attributeName = TextRule(longest: 64)
  package static let attributeValue = TextRule(longest: 255)
  package static let mediaAlt = TextRule(longest: 512)
  package static let personName = TextRule(longest: 200)
  package static let addressLine = TextRule(longest: 200)
  package static let city = TextRule(longest: 120)
  package static let region = TextRule(longest: 120)
  package static let postalCode = TextRule(longest: 20)
  /// A phone number, a barcode or a reference of another system may pass Luhn's check by chance: a tenth of all GTIN-13s do.
  package static let phone = TextRule(longest: 40, refusesCardNumbers: false)
  package static let barcode = TextRule(longest: 64, refusesCardNumbers: false)
  package static let reference = TextRule(longest: 128, refusesCardNumbers: false)
  package static let reason = TextRule(longest: 200)
  package static let cancellationReason = TextRule(longest: 500, isMultiline: true)
  package static let externalID = TextRule(longest: 128, refusesCardNumbers: false)

  /// The text that must be there and not blank; nil when a fault was added.
  package func required(_ text: String?, at pointer: String, _ faults: inout Faults) -> String? {
    guard let text else {
      faults.add(pointer, .required, "This is needed.")
      return nil
    }
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      faults.add(pointer, .empty, "This must not be blank.")
      return nil
    }
    return allowed(text, at: pointer, &faults)
  }

  /// The text that may be missing or empty; nil also when a fault was added.
  package func optional(_ text: String?, at pointer: String, _ faults: inout Faults) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return allowed(text, at: pointer, &faults)
  }

  private func allowed(_ text: String, at pointer: String, _ faults: inout Faults) -> String? {
    var length = 0
    for scalar in text.unicodeScalars {
      length += 1
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      guard !isControl || (isMultiline && (scalar == "\n" || scalar == "\r" || scalar == "\t")) else {
        faults.add(pointer, .malformed, "Control characters are not allowed here.")
        return nil
      }
    }
    guard length <= longest else {
      faults.add(pointer, .tooLong, "At most \(longest) characters.")
      return nil
    }
    guard !refusesCardNumbers || !CardNumber.isIn(text) else {
      faults.add(pointer, .cardNumber, "This looks like a card number. Card data does not belong here.")
      return nil
    }
    return text
  }
}
