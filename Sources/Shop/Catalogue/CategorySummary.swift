/// A category as a product names it.
package struct CategorySummary: Hashable, Sendable {
  package let id: CategoryID
  package let handle: Handle
  package let title: String

  package init(id: CategoryID, handle: Handle, title: String) {
    self.id = id
    self.handle = handle
    self.title = title
  }
}
