import JSON
import Shop

/// The shop's own values. Lengths and ranges are those of the rules; a pattern spells a rule that the types know as code, and a
/// test holds the two together.
extension Schema {
  package static func id<Kind: IdentifierKind>(_ kind: Kind.Type) -> Schema {
    .text(pattern: "^\(Kind.prefix)\(UUIDv7.base32Pattern)$")
  }

  /// As it is written: UTC with milliseconds.
  package static let timestamp = text(
    pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$", format: "date-time")
  package static let money = component(.money)
  package static let currency = component(.currency)
  package static let country = component(.country)

  /// Minor units of a currency that stands beside it.
  package static let amount = integer(0...Money.largestAmount)
  /// How many there are of something.
  package static let count = integer(0...JSONReader.largestInteger)
  /// What the entity tag is made of.
  package static let version = integer(1...JSONReader.largestInteger)
  package static let quantity = integer(CartLimits.quantity)
  package static let position = integer(0...CategoryDraft.highestPosition)
  package static let weight = integer(0...VariantDraft.highestWeight)
  package static let stock = integer(0...StockLevel.highest)

  package static let handle = text(1...Handle.longest, pattern: "^\(handleForm)$")
  package static let sku = text(1...SKU.longest, pattern: "^[!-~]+$")
  package static let email = text(3...EmailAddress.longest, format: "email")
  /// What settings and tables name: a payment provider, a shipping method.
  package static func name(_ length: ClosedRange<Int>? = nil) -> Schema { .text(length, pattern: "^[!-~]+$") }
  package static let mediaURL = text(1...MediaItem.longestURL, pattern: mediaURLForm)
  /// By what a URL names a product or a category.
  package static func handleOrID<Kind: IdentifierKind>(_ kind: Kind.Type) -> Schema {
    .text(1...Handle.longest, pattern: "^(\(Kind.prefix)\(UUIDv7.base32Pattern)|\(handleForm))$")
  }

  private static let handleForm = "[a-z0-9]+(-[a-z0-9]+)*"

  /// Visible ASCII without `"<>\^{|}` and backtick: http, https, or a path, which has no colon before its first slash.
  private static let mediaURLForm: String = {
    let any = "[!#-;=?-Z\\[\\]_a-z~]"
    let notSlash = "[!#-.0-;=?-Z\\[\\]_a-z~]"
    let neither = "[!#-.0-9;=?-Z\\[\\]_a-z~]"
    return "^([Hh][Tt][Tt][Pp][Ss]?://\(any)+|\(neither)+(/\(any)*)?|/(\(notSlash)\(any)*)?)$"
  }()

  // MARK: Texts

  private static let controls = "\\u0000-\\u001F\\u007F-\\u009F"

  /// A text that must be there: one line, not blank.
  package static func text(_ rule: TextRule) -> Schema { .text(1...rule.longest, pattern: lineForm) }

  /// What a variant has for each option of its product.
  package static let options = map(text(.optionValue), names: lineForm, most: ProductDraft.mostOptions)

  private static let lineForm = "^[^\(controls)]*[^\\s\(controls)][^\(controls)]*$"

  /// A text that may be left out, null or empty, which is all the same.
  package static func optionalText(_ rule: TextRule) -> Schema {
    let refused = rule.isMultiline ? "\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F" : controls
    return Schema.text(0...rule.longest, pattern: "^[^\(refused)]*$").orNull
  }
}

extension Component {
  static let money = Component("Money") {
    .view(["amount": .amount.noted("Minor units: cents of USD, whole yen, fils of KWD."), "currency": .currency])
  }
  static let currency = Component("Currency") {
    Schema.words(Currency.all.map(\.code)).noted("An active code of ISO 4217.")
  }
  static let country = Component("Country") {
    Schema.words(Country.all.map(\.code)).noted("An assigned code of ISO 3166-1.")
  }
}
