/// A category as it was sent, to be made (`checked`) or, with what is there, to be changed (`checkedChange`).
package struct CategoryDraft: Hashable, Sendable {
  package var title: String?
  package var handle: String?
  /// `.some(nil)` moves to the top; nil leaves the place as it is.
  package var parent: String??
  package var position: Int64?

  package init(title: String? = nil, handle: String? = nil, parent: String?? = nil, position: Int64? = nil) {
    self.title = title
    self.handle = handle
    self.parent = parent
    self.position = position
  }

  package static let highestPosition: Int64 = 1_000_000

  /// The new category; the handle comes from the title where none is given.
  package func checked(id: CategoryID, in tree: CategoryTree) throws(Refusal) -> Category {
    var faults = Faults()
    let title = TextRule.categoryTitle.required(title, at: "/title", &faults)
    let handle = handle.map { Handle($0) } ?? title.flatMap { Handle(slugOf: $0) }
    if handle == nil, self.handle != nil {
      faults.add("/handle", .malformed, Self.handleRule)
    } else if handle == nil, title != nil {
      faults.add("/handle", .required, Self.noHandle)
    }
    let parent = checkedParent(&faults)
    checkPosition(&faults)
    guard faults.isEmpty, let title, let handle else { throw .invalid(faults.all) }
    try tree.checkMove(of: nil, under: parent)
    return Category(id: id, parent: parent, handle: handle, title: title, position: position ?? 0)
  }

  /// The category with what was sent in place of what it had, and the next version.
  package func checkedChange(of category: Category, in tree: CategoryTree) throws(Refusal) -> Category {
    var faults = Faults()
    let newTitle = title == nil ? category.title : TextRule.categoryTitle.required(title, at: "/title", &faults)
    let newHandle = handle == nil ? category.handle : handle.flatMap { Handle($0) }
    if newHandle == nil { faults.add("/handle", .malformed, Self.handleRule) }
    let newParent = parent == nil ? category.parent : checkedParent(&faults)
    checkPosition(&faults)
    guard faults.isEmpty, let newTitle, let newHandle else { throw .invalid(faults.all) }
    if newParent != category.parent { try tree.checkMove(of: category.id, under: newParent) }
    return Category(
      id: category.id, parent: newParent, handle: newHandle, title: newTitle, position: position ?? category.position,
      version: category.version + 1)
  }

  static let noHandle = "No handle can be made from this title."
  static let handleRule = "A handle is lower-case letters and digits in groups joined by single hyphens, at most 128."

  private func checkedParent(_ faults: inout Faults) -> CategoryID? {
    guard let parent, let parent else { return nil }
    guard let id = CategoryID(parent) else {
      faults.add("/parent_id", .unknownReference, "Nothing has this id.")
      return nil
    }
    return id
  }

  private func checkPosition(_ faults: inout Faults) {
    guard let position, !(0...Self.highestPosition).contains(position) else { return }
    faults.add("/position", .outOfRange, "From 0 to \(Self.highestPosition).")
  }
}
