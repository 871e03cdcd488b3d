import Postgres
import Shop

/// The categories during an import: found by their titles under their parents, or made.
struct ImportShelves {
  private struct Place: Hashable {
    let parent: CategoryID?
    let title: String
  }

  private var byPlace: [Place: CategoryID] = [:]
  private var handles: Set<String> = []
  private var new: [Shop.Category] = []

  init(_ rows: Rows) throws(PostgresError) {
    for category in try rows.decode({ row throws(PostgresError) in try CategoryRows.category(row) }) {
      byPlace[Place(parent: category.parent, title: category.title.lowercased())] = category.id
      handles.insert(category.handle.text)
    }
  }

  /// The category at the end of `path`; nil for an empty one.
  mutating func find(_ path: [ImportRow.CategoryStep], _ ids: inout IdentifierSequence) -> CategoryID? {
    var parent: CategoryID?
    for step in path {
      let place = Place(parent: parent, title: step.title.lowercased())
      if let known = byPlace[place] {
        parent = known
        continue
      }
      let id = ids.next(CategoryKind.self)
      new.append(Shop.Category(id: id, parent: parent, handle: handle(for: step), title: step.title))
      byPlace[place] = id
      parent = id
    }
    return parent
  }

  private mutating func handle(for step: ImportRow.CategoryStep) -> Handle {
    if handles.insert(step.handle.text).inserted { return step.handle }
    let base = step.fallback ?? step.handle
    if handles.insert(base.text).inserted { return base }
    var number = 2
    while true {
      if let numbered = Handle(slugOf: base.text, suffix: "\(number)"), handles.insert(numbered.text).inserted { return numbered }
      number += 1
    }
  }

  /// Those that are not in the database yet; each is given out once.
  mutating func takeNew() -> [Shop.Category] {
    defer { new = [] }
    return new
  }
}
