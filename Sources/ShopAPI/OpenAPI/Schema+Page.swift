extension Schema {
  /// A page of a list, as `Page` writes it.
  ///
  /// - Parameter isWhole: all of the list is on the one page.
  static func page(of element: Component, isCounted: Bool = false, isWhole: Bool = false) -> Schema {
    let elements = Schema.list(.component(element), isWhole ? nil : 0...QueryParameters.limits.upperBound)
    return .view(
      ["data": elements, "page": .component(.pageLinks)],
      sometimes: isCounted ? ["count": .count.noted("Of the whole list, where it is asked for.")] : [:])
  }

  /// A list that has no pages.
  static func whole(of element: Schema) -> Schema { .view(["data": .list(element)]) }
}

extension Component {
  static let pageLinks = Component("PageLinks") {
    .view(["next": Schema.text().noted("To be sent as `after`.").orNull, "prev": Schema.text().orNull])
  }
}
