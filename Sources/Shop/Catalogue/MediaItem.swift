/// A picture of a product: where it is and what it shows.
package struct MediaItem: Hashable, Sendable {
  /// An `http` or `https` URL, or a path that the storefront resolves.
  package let url: String
  package let alt: String?

  package init(url: String, alt: String?) {
    self.url = url
    self.alt = alt
  }

  /// In one product.
  package static let most = 50
  package static let longestURL = 2_000

  package static func checked(_ drafts: [MediaItem], at pointer: String, _ faults: inout Faults) -> [MediaItem] {
    if drafts.count > most { faults.add(pointer, .tooMany, "At most \(most) media items.") }
    return drafts.enumerated().map { index, draft in
      if !isURL(draft.url) {
        faults.add("\(pointer)/\(index)/url", .malformed, "An http or https URL, or a path, of at most \(longestURL) bytes.")
      }
      return MediaItem(url: draft.url, alt: TextRule.mediaAlt.optional(draft.alt, at: "\(pointer)/\(index)/alt", &faults))
    }
  }

  /// No other scheme: a `javascript:` or `data:` URL would run or hide things in the storefront's pages.
  package static func isURL(_ text: String) -> Bool {
    guard (1...longestURL).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) })
    else { return false }
    for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) { return text.utf8.count > scheme.utf8.count }
    guard !text.hasPrefix("//") else { return false }
    return !text.prefix { $0 != "/" }.contains(":")
  }
}
