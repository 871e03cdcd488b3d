extension Schema {
  /// A page of a list, as `Page` writes it.
  static func page(of element: Component, isCounted: Bool = false) -> Schema {
    .view(
      ["data": .list(.component(element), 0...QueryParameters.limits.upperBound), "page": .component(.pageLinks)],
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
