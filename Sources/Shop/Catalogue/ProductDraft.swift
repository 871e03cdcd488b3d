/// A product to be made, as it was sent: nothing is checked yet.
package struct ProductDraft: Hashable, Sendable {
  package var title: String?
  /// Made from the title when nil.
  package var handle: String?
  package var description: String?
  /// `draft` when nil.
  package var status: String?
  package var attributes: [Attribute]
  package var options: [ProductOption]
  package var categories: [String]
  package var media: [MediaItem]
  package var variants: [VariantDraft]

  package init(
    title: String? = nil, handle: String? = nil, description: String? = nil, status: String? = nil,
    attributes: [Attribute] = [], options: [ProductOption] = [], categories: [String] = [], media: [MediaItem] = [],
    variants: [VariantDraft] = []
  ) {
    self.title = title
    self.handle = handle
    self.description = description
    self.status = status
    self.attributes = attributes
    self.options = options
    self.categories = categories
    self.media = media
    self.variants = variants
  }

  package static let mostOptions = 5
  package static let mostOptionValues = 100
  package static let mostVariants = 100
  package static let mostCategories = 50

  /// The product that may be made, or every fault.
  package func checked() throws(Refusal) -> NewProduct {
    var faults = Faults()
    let title = TextRule.title.required(title, at: "/title", &faults)
    let handle = handle.map { Self.checkedHandle($0, &faults) } ?? title.flatMap { Self.handle(of: $0) }
    if handle == nil, self.handle == nil, title != nil {
      faults.add("/handle", .required, CategoryDraft.noHandle)
    }
    let description = TextRule.productDescription.optional(description, at: "/description", &faults) ?? ""
    let status = Self.checkedStatus(status ?? ProductStatus.draft.rawValue, &faults)
    let attributes = Attribute.checked(attributes, at: "/attributes", &faults)
    let media = MediaItem.checked(media, at: "/media", &faults)
    let categories = Self.checkedCategories(categories, &faults)
    checkOptions(&faults)
    let variants = checkedVariants(productTitle: title, &faults)
    guard faults.isEmpty, let title, let handle, let status else { throw .invalid(faults.all) }
    return NewProduct(
      title: title, handle: handle, isHandleGiven: self.handle != nil, description: description, status: status,
      attributes: attributes, options: options, categories: categories, media: media, variants: variants)
  }

  /// What stands where a handle could, `/products/facets`, and so can be no product's.
  private static let reservedHandles: Set<String> = ["facets"]

  static func checkedHandle(_ text: String, _ faults: inout Faults) -> Handle? {
    guard let handle = Handle(text) else {
      faults.add("/handle", .malformed, CategoryDraft.handleRule)
      return nil
    }
    guard !reservedHandles.contains(text) else {
      faults.add("/handle", .notAllowed, "This word means something else in the place of a handle.")
      return nil
    }
    return handle
  }

  private static func handle(of title: String) -> Handle? {
    guard let handle = Handle(slugOf: title) else { return nil }
    return reservedHandles.contains(handle.text) ? Handle(slugOf: title, suffix: "product") : handle
  }

  static func checkedStatus(_ text: String, _ faults: inout Faults) -> ProductStatus? {
    let status = ProductStatus(rawValue: text)
    if status == nil { faults.add("/status", .notAllowed, "One of draft, active, archived.") }
    return status
  }

  static func checkedCategories(_ texts: [String], _ faults: inout Faults) -> [CategoryID] {
    if texts.count > mostCategories { faults.add("/category_ids", .tooMany, "At most \(mostCategories) categories.") }
    var ids: [CategoryID] = []
    for (index, text) in texts.enumerated() {
      guard let id = CategoryID(text) else {
        faults.add("/category_ids/\(index)", .unknownReference, "Nothing has this id.")
        continue
      }
      if ids.contains(id) { faults.add("/category_ids/\(index)", .duplicate, "The category is there twice.") }
      ids.append(id)
    }
    return ids
  }

  private func checkOptions(_ faults: inout Faults) {
    if options.count > Self.mostOptions { faults.add("/options", .tooMany, "At most \(Self.mostOptions) options.") }
    var names: Set<String> = []
    for (index, option) in options.enumerated() {
      let place = "/options/\(index)"
      if let name = TextRule.optionName.required(option.name, at: place + "/name", &faults), !names.insert(name).inserted {
        faults.add(place + "/name", .duplicate, "Another option has this name.")
      }
      if option.values.isEmpty { faults.add(place + "/values", .empty, "An option needs a value.") }
      if option.values.count > Self.mostOptionValues {
        faults.add(place + "/values", .tooMany, "At most \(Self.mostOptionValues) values.")
      }
      var values: Set<String> = []
      for (position, value) in option.values.enumerated() {
        let valuePlace = "\(place)/values/\(position)"
        if let value = TextRule.optionValue.required(value, at: valuePlace, &faults), !values.insert(value).inserted {
          faults.add(valuePlace, .duplicate, "The value is there twice.")
        }
      }
    }
  }

  private func checkedVariants(productTitle: String?, _ faults: inout Faults) -> [NewVariant] {
    if variants.isEmpty { faults.add("/variants", .empty, "A product needs a variant to be bought.") }
    if variants.count > Self.mostVariants { faults.add("/variants", .tooMany, "At most \(Self.mostVariants) variants.") }
    var skus: Set<String> = []
    var combinations: Set<[OptionValue]> = []
    var checked: [NewVariant] = []
    for (index, draft) in variants.prefix(Self.mostVariants).enumerated() {
      let place = "/variants/\(index)"
      if let sku = draft.sku, !skus.insert(sku).inserted {
        faults.add(place + "/sku", .duplicate, "Another variant has this SKU.")
      }
      let selection = draft.selection(of: options, at: place + "/options", &faults)
      if let selection, !combinations.insert(selection).inserted {
        faults.add(place + "/options", .duplicate, "Another variant has these options.")
      }
      if let variant = draft.checked(selection ?? [], productTitle: productTitle ?? "", at: place, &faults) {
        checked.append(variant)
      }
    }
    return checked
  }
}
