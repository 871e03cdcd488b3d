import JSON
import Shop

extension Fields {
  /// Text as it was sent; the longest that any member may be keeps a fault from being as long as a book.
  package mutating func string(_ name: String, longest: Int = 100_000) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else {
      mistyped(name, "a string", value)
      return nil
    }
    guard text.unicodeScalars.count <= longest else {
      addFault(name, .tooLong, "At most \(longest) characters.")
      return nil
    }
    return text
  }

  package mutating func integer(_ name: String, in range: ClosedRange<Int64>? = nil) -> Int64? {
    guard let value = value(name) else { return nil }
    guard let number = value.exactInteger else {
      if case .number(let text) = value, !text.utf8.contains(where: { $0 == 0x2E || $0 | 0x20 == 0x65 }) {
        addFault(name, .outOfRange, Self.sentence(range))
      } else {
        mistyped(name, "an integer", value)
      }
      return nil
    }
    if let range, !range.contains(number) {
      addFault(name, .outOfRange, Self.sentence(range))
      return nil
    }
    return number
  }

  private static func sentence(_ range: ClosedRange<Int64>?) -> String {
    let range = range ?? -JSONReader.largestInteger...JSONReader.largestInteger
    return "From \(range.lowerBound) to \(range.upperBound)."
  }

  package mutating func bool(_ name: String) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .bool(let flag) = value else {
      mistyped(name, "true or false", value)
      return nil
    }
    return flag
  }

  /// One of an enumeration's words.
  package mutating func choice<Choice>(_ name: String, _ type: Choice.Type = Choice.self) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let text = string(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      addFault(name, .notAllowed, "One of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
      return nil
    }
    return choice
  }

  /// A malformed id names nothing, as one that is unknown.
  package mutating func identifier<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) -> Identifier<Kind>? {
    guard let text = string(name) else { return nil }
    guard let id = Identifier<Kind>(text) else {
      addFault(name, .unknownReference, "Nothing has this id.")
      return nil
    }
    return id
  }

  package mutating func currency(_ name: String) -> Currency? {
    guard let text = string(name) else { return nil }
    guard let currency = Currency(text) else {
      addFault(name, .notAllowed, "Not an active currency code of ISO 4217.")
      return nil
    }
    return currency
  }

  package mutating func country(_ name: String) -> Country? {
    guard let text = string(name) else { return nil }
    guard let country = Country(text) else {
      addFault(name, .notAllowed, "Not a country code of ISO 3166-1 (two capital letters).")
      return nil
    }
    return country
  }

  package mutating func email(_ name: String) -> EmailAddress? {
    guard let text = string(name) else { return nil }
    guard let email = EmailAddress(text) else {
      addFault(name, .malformed, "No mail could be sent to this address.")
      return nil
    }
    return email
  }

  package mutating func handle(_ name: String) -> Handle? {
    guard let text = string(name) else { return nil }
    guard let handle = Handle(text) else {
      addFault(name, .malformed, "Lower-case letters and digits in groups joined by hyphens, at most \(Handle.longest).")
      return nil
    }
    return handle
  }

  package mutating func sku(_ name: String) -> SKU? {
    guard let text = string(name) else { return nil }
    guard let sku = SKU(text) else {
      addFault(name, .malformed, "A SKU is 1 to \(SKU.longest) visible ASCII characters without blanks.")
      return nil
    }
    return sku
  }

  package mutating func discountCode(_ name: String) -> DiscountCode? {
    guard let text = string(name) else { return nil }
    guard let code = DiscountCode(text) else {
      addFault(name, .malformed, DiscountCode.rule)
      return nil
    }
    return code
  }

  package mutating func timestamp(_ name: String) -> Timestamp? {
    guard let text = string(name) else { return nil }
    guard let timestamp = Timestamp(rfc3339: text) else {
      addFault(name, .malformed, "A time is written 2026-01-31T12:00:00Z.")
      return nil
    }
    return timestamp
  }

  /// `{"amount", "currency"}`, never below zero.
  package mutating func money(_ name: String) -> Money? {
    object(name) { fields in
      fields.require("amount", "currency")
      let amount = fields.integer("amount", in: 0...Money.largestAmount)
      let currency = fields.currency("currency")
      guard let amount, let currency else { return nil }
      return Money(amount, currency)
    }
  }
}
