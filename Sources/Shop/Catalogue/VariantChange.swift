/// What a change of a variant sends: nil leaves a member as it is.
package struct VariantChange: Hashable, Sendable {
  package var sku: String?
  /// `.some(nil)`: made from the option values, as at the start.
  package var title: String??
  /// Those that are named change, the others stay.
  package var options: [OptionValue]
  package var taxClass: String?
  package var requiresShipping: Bool?
  package var weightGrams: Int64??
  package var barcode: String??
  package var status: String?

  package init(
    sku: String? = nil, title: String?? = nil, options: [OptionValue] = [], taxClass: String? = nil,
    requiresShipping: Bool? = nil, weightGrams: Int64?? = nil, barcode: String?? = nil, status: String? = nil
  ) {
    self.sku = sku
    self.title = title
    self.options = options
    self.taxClass = taxClass
    self.requiresShipping = requiresShipping
    self.weightGrams = weightGrams
    self.barcode = barcode
    self.status = status
  }

  /// The variant with what was sent in place of what it had, and the product's options with the values that it brings along.
  ///
  /// A title that was made from the option values follows them.
  package func applied(
    to variant: NewVariant, _ status: VariantStatus, in range: VariantRange
  ) throws(Refusal) -> (variant: NewVariant, status: VariantStatus, options: [ProductOption]) {
    var faults = Faults()
    let newStatus = checkedStatus(after: status, in: range, &faults)
    let placed = draft(over: variant, in: range).placed(in: range, &faults)
    guard faults.isEmpty, let changed = placed.variant else { throw .invalid(faults.all) }
    return (changed, newStatus, placed.options)
  }

  private func draft(over variant: NewVariant, in range: VariantRange) -> VariantDraft {
    let hasMadeTitle = variant.title == VariantDraft.title(of: variant.options, productTitle: range.productTitle)
    let kept = variant.options.filter { old in !options.contains { $0.name == old.name } }
    return VariantDraft(
      sku: sku ?? variant.sku.text, title: title ?? (hasMadeTitle ? nil : variant.title), options: kept + options,
      taxClass: taxClass ?? variant.taxClass.rawValue, requiresShipping: requiresShipping ?? variant.requiresShipping,
      weightGrams: weightGrams ?? variant.weightGrams, barcode: barcode ?? variant.barcode)
  }

  private func checkedStatus(
    after present: VariantStatus, in range: VariantRange, _ faults: inout Faults
  ) -> VariantStatus {
    guard let status else { return present }
    guard let wanted = VariantStatus(rawValue: status) else {
      faults.add("/status", .notAllowed, "One of active, archived.")
      return present
    }
    switch (present, wanted) {
    case (.active, .archived) where range.sold <= 1:
      faults.add("/status", .conflicting, "The last variant goes with its product: archive that.")
    case (.archived, .active) where range.sold >= ProductDraft.mostVariants:
      faults.add("/status", .tooMany, "At most \(ProductDraft.mostVariants) variants.")
    default: break
    }
    return wanted
  }
}
