/// A variant of a `ProductDraft`, nothing checked.
package struct VariantDraft: Hashable, Sendable {
  package var sku: String?
  /// Made from the option values when nil.
  package var title: String?
  package var options: [OptionValue]
  package var prices: [PriceDraft]
  /// `standard` when nil.
  package var taxClass: String?
  /// True when nil.
  package var requiresShipping: Bool?
  package var weightGrams: Int64?
  package var barcode: String?
  /// None when nil.
  package var stock: Int64?

  package init(
    sku: String? = nil, title: String? = nil, options: [OptionValue] = [], prices: [PriceDraft] = [], taxClass: String? = nil,
    requiresShipping: Bool? = nil, weightGrams: Int64? = nil, barcode: String? = nil, stock: Int64? = nil
  ) {
    self.sku = sku
    self.title = title
    self.options = options
    self.prices = prices
    self.taxClass = taxClass
    self.requiresShipping = requiresShipping
    self.weightGrams = weightGrams
    self.barcode = barcode
    self.stock = stock
  }

  /// Names and values of a variant's options, in UTF-8: what the index that keeps them apart takes with room to spare.
  package static let mostOptionBytes = 2_000

  /// Ten tonnes.
  package static let highestWeight: Int64 = 10_000_000

  /// One value for every option of the product, in the product's order; nil when a fault was added.
  func selection(of options: [ProductOption], at pointer: String, _ faults: inout Faults) -> [OptionValue]? {
    var isWhole = true
    for chosen in self.options where !options.contains(where: { $0.name == chosen.name }) {
      faults.add(pointer + "/" + Attribute.escaped(chosen.name), .notAllowed, "The product has no such option.")
      isWhole = false
    }
    var selection: [OptionValue] = []
    for option in options {
      let place = pointer + "/" + Attribute.escaped(option.name)
      guard let chosen = self.options.first(where: { $0.name == option.name }) else {
        faults.add(place, .required, "Every variant has a value for every option.")
        isWhole = false
        continue
      }
      if !option.values.contains(chosen.value) {
        faults.add(place, .notAllowed, "The option has no such value.")
        isWhole = false
      }
      selection.append(chosen)
    }
    if selection.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) > Self.mostOptionBytes {
      faults.add(pointer, .tooLong, "At most \(Self.mostOptionBytes) bytes, names and values together.")
      isWhole = false
    }
    return isWhole ? selection : nil
  }

  /// What a variant is called where nothing else is said.
  static func title(of selection: [OptionValue], productTitle: String) -> String {
    selection.isEmpty ? productTitle : selection.map(\.value).joined(separator: " / ")
  }

  func checked(
    _ selection: [OptionValue], productTitle: String, at pointer: String, _ faults: inout Faults
  ) -> NewVariant? {
    let known = sku.flatMap { SKU($0) }
    if sku == nil {
      faults.add(pointer + "/sku", .required, "A SKU is needed.")
    } else if known == nil {
      faults.add(pointer + "/sku", .malformed, "A SKU is 1 to \(SKU.longest) visible ASCII characters without blanks.")
    }
    let given = TextRule.title.optional(title, at: pointer + "/title", &faults)
    let title = given ?? Self.title(of: selection, productTitle: productTitle)
    if title.unicodeScalars.count > TextRule.title.longest {
      faults.add(pointer + "/title", .required, "The option values are too long to make a title of them.")
    }
    let prices = PriceDraft.checked(prices, at: pointer + "/prices", &faults)
    let taxClass = taxClass.map { TaxClass(rawValue: $0) } ?? .standard
    if taxClass == nil { faults.add(pointer + "/tax_class", .notAllowed, "One of standard, reduced, zero.") }
    if let weightGrams, !(0...Self.highestWeight).contains(weightGrams) {
      faults.add(pointer + "/weight_g", .outOfRange, "From 0 to \(Self.highestWeight) grams.")
    }
    let barcode = TextRule.barcode.optional(barcode, at: pointer + "/barcode", &faults)
    let stock = stock ?? 0
    if !(0...StockLevel.highest).contains(stock) {
      faults.add(pointer + "/stock", .outOfRange, "From 0 to \(StockLevel.highest).")
    }
    guard let known, let taxClass else { return nil }
    return NewVariant(
      sku: known, title: title, options: selection, prices: prices, taxClass: taxClass,
      requiresShipping: requiresShipping ?? true, weightGrams: weightGrams, barcode: barcode, stock: stock)
  }
}
