/// Which products a listing, its facets or a search shows.
package struct ProductFilter: Hashable, Sendable {
  /// With all categories below it.
  package var category: CategoryReference?
  /// All of them must hold; of the values of one, any.
  package var attributes: [AttributeFilter]
  /// Minor units of `currency`; a product passes when the range of its variants' prices meets this one, ends included.
  package var priceMinimum: Int64?
  package var priceMaximum: Int64?
  package var inStock: Bool
  package var currency: Currency

  package init(
    category: CategoryReference? = nil, attributes: [AttributeFilter] = [], priceMinimum: Int64? = nil,
    priceMaximum: Int64? = nil, inStock: Bool = false, currency: Currency
  ) {
    self.category = category
    self.attributes = attributes
    self.priceMinimum = priceMinimum
    self.priceMaximum = priceMaximum
    self.inStock = inStock
    self.currency = currency
  }

  package static let mostAttributes = 10
  package static let mostValues = 50

  /// The same filter in one form: attributes by name, values sorted and each once. Cursors and cache keys are made of it.
  package var normalized: ProductFilter {
    var copy = self
    var values: [String: Set<String>] = [:]
    for attribute in attributes { values[attribute.name, default: []].formUnion(attribute.values) }
    copy.attributes = values.sorted { $0.key < $1.key }.map { AttributeFilter(name: $0.key, values: $0.value.sorted()) }
    return copy
  }

  /// Refuses a filter beyond the limits, or with its price limits the wrong way round.
  package func check() throws(Refusal) {
    guard attributes.count <= Self.mostAttributes, attributes.allSatisfy({ $0.values.count <= Self.mostValues }) else {
      throw .malformed(
        .invalidParameter, detail: "At most \(Self.mostAttributes) attributes with \(Self.mostValues) values each.")
    }
    guard attributes.allSatisfy({ Attribute.isName($0.name) && !$0.values.isEmpty }) else {
      throw .malformed(.invalidParameter, detail: "filter[attribute.NAME] needs a name of lower-case letters and a value.")
    }
    let longest = TextRule.attributeValue.longest
    guard attributes.allSatisfy({ $0.values.allSatisfy { $0.unicodeScalars.count <= longest } }) else {
      throw .malformed(.invalidParameter, detail: "The value of an attribute has at most \(longest) characters.")
    }
    for limit in [priceMinimum, priceMaximum] {
      if let limit, !(0...Money.largestAmount).contains(limit) {
        throw .malformed(.invalidParameter, detail: "A price limit is a whole number of minor units, not below 0.")
      }
    }
    if let priceMinimum, let priceMaximum, priceMinimum > priceMaximum {
      throw .malformed(.invalidParameter, detail: "filter[price.gte] is above filter[price.lte].")
    }
  }
}

/// Values of one attribute, any of which will do.
package struct AttributeFilter: Hashable, Sendable {
  package let name: String
  package let values: [String]

  package init(name: String, values: [String]) {
    self.name = name
    self.values = values
  }
}

/// A category as a URL names it.
package enum CategoryReference: Hashable, Sendable {
  case id(CategoryID)
  case handle(Handle)

  /// Nil when the text can be neither; an identifier has an underscore, which no handle has.
  package init?(_ text: String) {
    if let id = CategoryID(text) {
      self = .id(id)
    } else if let handle = Handle(text) {
      self = .handle(handle)
    } else {
      return nil
    }
  }
}

/// A product as a URL names it.
package enum ProductReference: Hashable, Sendable {
  case id(ProductID)
  case handle(Handle)

  /// Nil when the text can be neither.
  package init?(_ text: String) {
    if let id = ProductID(text) {
      self = .id(id)
    } else if let handle = Handle(text) {
      self = .handle(handle)
    } else {
      return nil
    }
  }
}
