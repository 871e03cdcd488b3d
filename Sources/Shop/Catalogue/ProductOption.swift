/// A way in which the variants of a product differ, with its values in the order shown: size, S M L.
package struct ProductOption: Hashable, Sendable {
  package let name: String
  package let values: [String]

  package init(name: String, values: [String]) {
    self.name = name
    self.values = values
  }
}

/// What one variant has for one option.
package struct OptionValue: Hashable, Sendable {
  package let name: String
  package let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
