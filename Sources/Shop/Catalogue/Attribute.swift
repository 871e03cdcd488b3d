/// A named fact of a product that shoppers can filter by: color, red.
package struct Attribute: Hashable, Sendable {
  package let name: String
  package let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// In one product.
  package static let most = 50

  package static let countRule = "At most \(most) attributes."
  static let nameRule = "An attribute's name is lower-case letters, digits, _ and -, at most \(TextRule.attributeName.longest)."

  /// A name is lower-case letters, digits, `_` and `-`, so that `filter[attribute.NAME]` needs no quoting.
  package static func isName(_ text: some StringProtocol) -> Bool {
    (1...TextRule.attributeName.longest).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }

  /// Sorted by name, each name once.
  package static func checked(_ drafts: [Attribute], at pointer: String, _ faults: inout Faults) -> [Attribute] {
    if drafts.count > most { faults.add(pointer, .tooMany, countRule) }
    var names: Set<String> = []
    for draft in drafts {
      let place = pointer + "/" + escaped(draft.name)
      if !isName(draft.name) {
        faults.add(place, .malformed, nameRule)
      } else if !names.insert(draft.name).inserted {
        faults.add(place, .duplicate, "The attribute is there twice.")
      }
      _ = TextRule.attributeValue.required(draft.value, at: place, &faults)
    }
    return drafts.sorted { $0.name < $1.name }
  }

  /// A member's name as a part of a JSON pointer (RFC 6901 section 3).
  package static func escaped(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
    return name.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
  }
}
