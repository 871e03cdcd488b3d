import Postgres
import Shop

/// New categories in one statement; parents come before their children.
enum CategoryInsertion {
  private static let insert = Statement(
    "categories_insert",
    """
    INSERT INTO catalogue.category (id, parent_id, handle, title, position)
    SELECT c.id, c.parent_id, c.handle, c.title, c.position
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[]) WITH ORDINALITY
           c (id, parent_id, handle, title, position, n)
     WHERE (c.parent_id IS NULL) = $6::boolean ORDER BY c.n
    """)

  /// A statement a level: a parent's row must be there when its children ask for its ancestors.
  static func queries(_ categories: [Category]) -> [Query] {
    var levels: [[Category]] = []
    var placed: [CategoryID: Int] = [:]
    for category in categories {
      let level = category.parent.flatMap { placed[$0] }.map { $0 + 1 } ?? 0
      placed[category.id] = level
      while levels.count <= level { levels.append([]) }
      levels[level].append(category)
    }
    return levels.flatMap { level in [true, false].compactMap { query(level, tops: $0) } }
  }

  private static func query(_ categories: [Category], tops: Bool) -> Query? {
    guard categories.contains(where: { ($0.parent == nil) == tops }) else { return nil }
    return insert(
      .uuids(categories.map(\.id.uuidBytes)), .optionalUUIDs(categories.map { $0.parent?.uuidBytes }),
      .texts(categories.map(\.handle.text)), .texts(categories.map(\.title)),
      .int32s(categories.map { Int32(clamping: $0.position) }), .bool(tops))
  }
}
