import Shop
import Testing

@Suite struct CategoryTests {
  /// 1 over 2 over 3, and 4 beside 1.
  private func tree() throws -> CategoryTree {
    CategoryTree(
      try [(3, 2), (1, nil), (4, nil), (2, 1)].map { (number: UInt64, parent: UInt64?) in
        Category(
          id: Sample.id(number), parent: parent.map { Sample.id($0) }, handle: try #require(Handle("c\(number)")),
          title: "C\(number)", position: 10 - Int64(number))
      })
  }

  @Test func `a flat list becomes a tree in order of position`() throws {
    let nodes = try tree().nodes
    #expect(nodes.map(\.category.title) == ["C4", "C1"])
    #expect(nodes[1].children.map(\.category.title) == ["C2"])
    #expect(try tree().path(to: Sample.id(3)).map(\.title) == ["C1", "C2", "C3"])
    #expect(try tree().descendants(of: Sample.id(2)) == [Sample.id(2), Sample.id(3)])
    #expect(try tree().descendants(of: Sample.id(9)).isEmpty)
  }

  @Test func `a category cannot stand below itself or under nothing`() throws {
    let tree = try tree()
    for (moved, parent) in [(1, 1), (1, 3), (2, 3), (1, 9)] as [(UInt64, UInt64)] {
      #expect(throws: Refusal.self) { try tree.checkMove(of: Sample.id(moved), under: Sample.id(parent)) }
    }
    #expect(throws: Never.self) { try tree.checkMove(of: Sample.id(2), under: Sample.id(4)) }
    #expect(throws: Never.self) { try tree.checkMove(of: Sample.id(3), under: nil) }
  }

  @Test func `a loop in the list is survived`() throws {
    let loop = CategoryTree(
      try [(1, 2), (2, 1)].map { (number: UInt64, parent: UInt64) in
        Category(id: Sample.id(number), parent: Sample.id(parent), handle: try #require(Handle("c\(number)")), title: "C")
      })
    #expect(loop.nodes.isEmpty)
    #expect(loop.descendants(of: Sample.id(1)).count == 2)
    #expect(loop.path(to: Sample.id(1)).count <= 3)
  }

  @Test func `a category is made from its title and changed member by member`() throws {
    let made = try CategoryDraft(title: "Hot chocolate", parent: .some(Sample.id(4, CategoryKind.self).description))
      .checked(id: Sample.id(5), in: tree())
    #expect(made.handle.text == "hot-chocolate")
    #expect(made.parent == Sample.id(4))
    let moved = try CategoryDraft(parent: .some(nil)).checkedChange(of: made, in: tree())
    #expect(moved.parent == nil)
    #expect(moved.title == made.title)
    #expect(moved.version == 2)
    #expect(try CategoryDraft(title: "Tea").checkedChange(of: made, in: tree()).parent == made.parent)
    #expect(throws: Refusal.self) { try CategoryDraft(title: "x", parent: .some("shirts")).checked(id: Sample.id(5), in: tree()) }
    #expect(throws: Refusal.self) { try CategoryDraft().checked(id: Sample.id(5), in: tree()) }
  }
}
