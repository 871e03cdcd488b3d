/// The names and values of a query, in order (WHATWG URL, application/x-www-form-urlencoded).
package struct Query: Sendable {
  package struct Item: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  package let items: [Item]

  /// Nil where an escape is broken or the bytes are not UTF-8. Brackets may be raw or encoded.
  package init?(_ raw: ArraySlice<UInt8>?) {
    guard let raw, !raw.isEmpty else {
      items = []
      return
    }
    var items: [Item] = []
    for pair in raw.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      guard let name = PercentEncoding.decode(pair[..<equals], plusIsSpace: true),
        let value = PercentEncoding.decode(pair[min(equals + 1, pair.endIndex)...], plusIsSpace: true)
      else { return nil }
      items.append(Item(name: name, value: value))
    }
    self.items = items
  }
}
