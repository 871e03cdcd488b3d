/// What a change of a product sends: nil leaves a member as it is, a list replaces the whole list, attributes are merged.
package struct ProductChange: Hashable, Sendable {
  package var title: String?
  package var handle: String?
  package var description: String?
  package var status: String?
  package var attributes: AttributeChange?
  package var categories: [String]?
  package var media: [MediaItem]?

  package init(
    title: String? = nil, handle: String? = nil, description: String? = nil, status: String? = nil,
    attributes: AttributeChange? = nil, categories: [String]? = nil, media: [MediaItem]? = nil
  ) {
    self.title = title
    self.handle = handle
    self.description = description
    self.status = status
    self.attributes = attributes
    self.categories = categories
    self.media = media
  }

  /// A change that may be made; nil still means as it is.
  package struct Checked: Hashable, Sendable {
    package var title: String?
    package var handle: Handle?
    package var description: String?
    package var status: ProductStatus?
    package var attributes: AttributeChange?
    package var categories: [CategoryID]?
    package var media: [MediaItem]?

    /// Whether nothing is to be changed.
    package var isEmpty: Bool { self == Checked() }
  }

  /// The change with everything in it checked, or every fault.
  package func checked() throws(Refusal) -> Checked {
    var faults = Faults()
    var checked = Checked()
    if let title { checked.title = TextRule.title.required(title, at: "/title", &faults) }
    if let handle { checked.handle = ProductDraft.checkedHandle(handle, &faults) }
    if let description {
      checked.description = TextRule.productDescription.optional(description, at: "/description", &faults) ?? ""
    }
    if let status { checked.status = ProductDraft.checkedStatus(status, &faults) }
    if let attributes, !attributes.isEmpty { checked.attributes = attributes.checked(at: "/attributes", &faults) }
    if let categories { checked.categories = ProductDraft.checkedCategories(categories, &faults) }
    if let media { checked.media = MediaItem.checked(media, at: "/media", &faults) }
    try faults.check()
    return checked
  }
}
