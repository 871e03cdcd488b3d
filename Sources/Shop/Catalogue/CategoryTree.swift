/// All categories with their places, from a flat list in any order.
package struct CategoryTree: Sendable {
  /// A category and what stands under it.
  package struct Node: Hashable, Sendable {
    package let category: Category
    package let children: [Node]
  }

  private let byID: [CategoryID: Category]
  private let childrenOf: [CategoryID?: [Category]]

  package init(_ categories: [Category]) {
    byID = Dictionary(categories.map { ($0.id, $0) }) { first, _ in first }
    childrenOf = Dictionary(grouping: categories) { $0.parent }.mapValues { siblings in
      siblings.sorted { ($0.position, $0.title, $0.id) < ($1.position, $1.title, $1.id) }
    }
  }

  /// The tops with everything below them. A category whose parent is unknown, or in a loop, is in no node.
  package var nodes: [Node] { nodes(under: nil) }

  private func nodes(under parent: CategoryID?) -> [Node] {
    (childrenOf[parent] ?? []).map { Node(category: $0, children: nodes(under: $0.id)) }
  }

  /// From the top down to the category itself; empty when it is unknown.
  package func path(to id: CategoryID) -> [Category] {
    var path: [Category] = []
    var next: CategoryID? = id
    while let current = next, let category = byID[current], path.count <= byID.count {
      path.append(category)
      next = category.parent
    }
    return path.reversed()
  }

  /// The category and everything below it.
  package func descendants(of id: CategoryID) -> Set<CategoryID> {
    var found: Set<CategoryID> = []
    var open = byID[id] == nil ? [] : [id]
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += (childrenOf[next] ?? []).map(\.id)
    }
    return found
  }

  /// Refuses to move a category below itself, under a parent that is unknown, or deeper than `Category.deepest`.
  /// `id` is nil for a new category.
  package func checkMove(of id: CategoryID?, under parent: CategoryID?) throws(Refusal) {
    guard let parent else { return }
    guard byID[parent] != nil else { throw .unknownReference("/parent_id") }
    let moved = id.map { descendants(of: $0) } ?? []
    guard !moved.contains(parent) else {
      throw .invalid("/parent_id", .conflicting, "A category cannot stand below itself.")
    }
    let height = id.map { self.height(of: $0) } ?? 1
    guard path(to: parent).count + height <= Category.deepest else {
      throw .invalid("/parent_id", .outOfRange, "At most \(Category.deepest) levels of categories.")
    }
  }

  private func height(of id: CategoryID) -> Int {
    1 + ((childrenOf[id] ?? []).map { height(of: $0.id) }.max() ?? 0)
  }
}
