/// A shelf of the shop; shelves stand in shelves, so categories form a tree.
package struct Category: Hashable, Sendable {
  package let id: CategoryID
  /// Nil at the top.
  package let parent: CategoryID?
  package let handle: Handle
  package let title: String
  /// Order among its siblings, then by title.
  package let position: Int64
  package let version: Int64

  package init(id: CategoryID, parent: CategoryID?, handle: Handle, title: String, position: Int64 = 0, version: Int64 = 1) {
    self.id = id
    self.parent = parent
    self.handle = handle
    self.title = title
    self.position = position
    self.version = version
  }

  package var summary: CategorySummary { CategorySummary(id: id, handle: handle, title: title) }

  /// Levels from the top, counting it.
  package static let deepest = 8
}
