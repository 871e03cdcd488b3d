/// What a product's variants range over, and how many are sold: a new or changed variant has to fit in.
package struct VariantRange: Hashable, Sendable {
  package let productTitle: String
  package let options: [ProductOption]
  /// Archived variants do not count.
  package let sold: Int

  package init(productTitle: String, options: [ProductOption], sold: Int) {
    self.productTitle = productTitle
    self.options = options
    self.sold = sold
  }

  /// A variant's values in the order of the options.
  package func ordered(_ values: [OptionValue]) -> [OptionValue] {
    options.compactMap { option in values.first { $0.name == option.name } }
  }

  /// The options with the values that `chosen` brings along: one that an option lacks becomes its last.
  func widened(by chosen: [OptionValue], at pointer: String, _ faults: inout Faults) -> [ProductOption] {
    var widened: [ProductOption] = []
    for option in options {
      guard let value = chosen.first(where: { $0.name == option.name })?.value, !option.values.contains(value) else {
        widened.append(option)
        continue
      }
      let place = pointer + "/" + Attribute.escaped(option.name)
      _ = TextRule.optionValue.required(value, at: place, &faults)
      if option.values.count >= ProductDraft.mostOptionValues {
        faults.add(place, .tooMany, "At most \(ProductDraft.mostOptionValues) values.")
      }
      widened.append(ProductOption(name: option.name, values: option.values + [value]))
    }
    return widened
  }

  /// The values that `widened` has beyond these.
  package func additions(in widened: [ProductOption]) -> [OptionValue] {
    zip(options, widened).flatMap { old, new in
      new.values.dropFirst(old.values.count).map { OptionValue(name: new.name, value: $0) }
    }
  }
}

extension VariantDraft {
  /// The variant that may be added to a product of this range, and the product's options with the values that it brings along.
  package func added(to range: VariantRange) throws(Refusal) -> (variant: NewVariant, options: [ProductOption]) {
    var faults = Faults()
    if range.sold >= ProductDraft.mostVariants { faults.add("", .tooMany, "At most \(ProductDraft.mostVariants) variants.") }
    let placed = placed(in: range, &faults)
    guard faults.isEmpty, let variant = placed.variant else { throw .invalid(faults.all) }
    return (variant, placed.options)
  }

  func placed(in range: VariantRange, _ faults: inout Faults) -> (variant: NewVariant?, options: [ProductOption]) {
    let widened = range.widened(by: options, at: "/options", &faults)
    let selection = selection(of: widened, at: "/options", &faults)
    return (checked(selection ?? [], productTitle: range.productTitle, at: "", &faults), widened)
  }
}
