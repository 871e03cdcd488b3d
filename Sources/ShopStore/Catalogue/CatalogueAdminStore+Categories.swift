import Postgres
import Shop

extension CatalogueAdminStore {
  private static let lock = Statement("admin_category_lock", "LOCK TABLE catalogue.category IN SHARE ROW EXCLUSIVE MODE")
  private static let update = Statement(
    "admin_category_update",
    """
    UPDATE catalogue.category SET parent_id = $2::uuid, handle = $3::text, title = $4::text, position = $5::int, version = $6::bigint,
           updated_at = now() WHERE id = $1::uuid
    """)
  /// A move changes the shelves of all below, a new name the pages of those in it.
  private static let refreshMoved = Statement(
    "admin_category_moved", "SELECT catalogue.refresh_or_wait(catalogue.products_under($1::uuid), \(WaitingRefresh.atOnce))")
  private static let refreshRenamed = Statement(
    "admin_category_renamed",
    """
    SELECT catalogue.refresh_or_wait(
             ARRAY(SELECT c.product_id FROM catalogue.product_category c WHERE c.category_id = $1::uuid), \(WaitingRefresh.atOnce))
    """)

  package func categories(deadline: Deadline) async throws -> [Shop.Category] {
    try Self.decode(try await database.read(CategoryRows.all(), deadline: deadline))
  }

  private static func decode(_ rows: Rows) throws(PostgresError) -> [Shop.Category] {
    try rows.decode { row throws(PostgresError) in try CategoryRows.category(row) }
  }

  /// Refuses with `handleTaken`, or `invalid` where it cannot stand.
  package func createCategory(
    _ draft: CategoryDraft, keyed: KeyedRequest?, _ moment: Moment, render: CategoryAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let present = try Self.decode(try await transaction.run([Self.lock(), CategoryRows.all()])[1])
      var ids = IdentifierSequence()
      let category = try draft.checked(id: ids.next(), in: CategoryTree(present))
      guard !present.contains(where: { $0.handle == category.handle }) else { throw Refusal.handleTaken(category.handle) }
      // The parent is there: each category on its own is the first level of an insertion.
      try await transaction.run(CategoryInsertion.queries([category]), isLast: isLast)
      return try render(category)
    }
  }

  /// Pages of products show it at once, or where they are many as soon as the worker has rebuilt them.
  ///
  /// Refuses with `notFound`, `stale`, `handleTaken`, or `invalid` where it cannot stand.
  package func changeCategory(
    _ id: CategoryID, _ draft: CategoryDraft, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: CategoryAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let present = try Self.decode(try await transaction.run([Self.lock(), CategoryRows.all()])[1])
      guard let old = present.first(where: { $0.id == id }) else { throw Refusal.notFound }
      try condition.check(old.version)
      let new = try draft.checkedChange(of: old, in: CategoryTree(present))
      guard !present.contains(where: { $0.handle == new.handle && $0.id != id }) else { throw Refusal.handleTaken(new.handle) }
      var queries = [
        Self.update(
          .value(id), .value(new.parent), .value(new.handle), .text(new.title), .int32(Int32(clamping: new.position)),
          .int64(new.version))
      ]
      if new.parent != old.parent {
        queries.append(Self.refreshMoved(.value(id)))
      } else if new.title != old.title || new.handle != old.handle {
        queries.append(Self.refreshRenamed(.value(id)))
      }
      try await transaction.run(queries, isLast: isLast)
      return try render(new)
    }
  }
}
