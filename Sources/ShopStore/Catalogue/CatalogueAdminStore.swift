import Postgres
import Shop

/// Changes of the catalogue, one transaction each; what shoppers read is rebuilt in it, last.
package struct CatalogueAdminStore: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  /// Whether the version that a change is based on is still the present one.
  package typealias Precondition = @Sendable (Int64) -> Bool

  // MARK: Products

  private static let byID = Statement(
    "admin_product_by_id",
    "SELECT \(ProductSnapshot.columns), s.description FROM catalogue.product_snapshot s WHERE s.product_id = $1")
  private static let taken = Statement(
    "skus_and_handle_taken",
    """
    SELECT ARRAY(SELECT sku FROM catalogue.variant WHERE sku = ANY ($1::text[])),
           EXISTS (SELECT FROM catalogue.product WHERE handle = $2::text),
           ARRAY(SELECT w.id FROM unnest($3::uuid[]) w (id) WHERE NOT EXISTS (SELECT FROM catalogue.category c WHERE c.id = w.id))
    """)

  /// A product of any status; refuses with `notFound`.
  package func product(_ id: ProductID, deadline: Deadline) async throws -> ProductSnapshot {
    try Self.snapshot(try await database.read(Self.byID(.value(id)), deadline: deadline))
  }

  private static func snapshot(_ rows: Rows?) throws -> ProductSnapshot {
    guard let row = rows?.first else { throw Refusal.notFound }
    return try ProductSnapshot(row, descriptionColumn: ProductSnapshot.columnCount)
  }

  /// Refuses with `skuTaken`, `handleTaken` or, for unknown categories, `invalid`.
  package func create(_ draft: NewProduct, deadline: Deadline) async throws -> ProductSnapshot {
    try await CatalogueConstraints.map(making: draft) {
      try await database.transaction(deadline: deadline) { transaction in
        let skus = draft.variants.map(\.sku.text)
        let found = try await transaction.run(
          Self.taken(.texts(skus), .value(draft.handle), .uuids(draft.categories.map(\.uuidBytes))))[0]
        let takenSKUs = try found.strings(0)
        if let taken = draft.variants.first(where: { takenSKUs.contains($0.sku.text) }) { throw Refusal.skuTaken(taken.sku) }
        try Self.checkCategories(draft.categories, unknown: try found.uuids(2))
        var ids = IdentifierSequence()
        let id = ids.next(ProductKind.self)
        var product = draft
        if try found.bool(1) {
          // A handle that nobody asked for gives way: the id's last characters tell it apart.
          guard !draft.isHandleGiven, let free = Handle(slugOf: draft.title, suffix: String("\(id)".suffix(8))) else {
            throw Refusal.handleTaken(draft.handle)
          }
          product = draft.with(handle: free)
        }
        var insertion = ProductInsertion()
        insertion.add(
          product, id: id, externalID: nil, variants: product.variants.map { _ in ids.next() },
          movements: product.variants.map { _ in ids.next() }, stockReference: "\(id)")
        return try Self.snapshot(try await transaction.commit(with: insertion.queries + [Self.byID(.value(id))]).last)
      }
    }
  }

  private static func checkCategories(_ wanted: [CategoryID], unknown: [UUIDBytes]) throws {
    guard !unknown.isEmpty else { return }
    throw Refusal.invalid(
      wanted.enumerated().filter { unknown.contains($0.element.uuidBytes) }.map {
        Fault("/category_ids/\($0.offset)", .unknownReference, "Nothing has this id.")
      })
  }

  private static let lock = Statement(
    "admin_product_lock", "SELECT version, handle FROM catalogue.product WHERE id = $1 FOR NO KEY UPDATE")
  private static let update = Statement(
    "admin_product_update",
    """
    UPDATE catalogue.product
       SET title = coalesce($2::text, title), handle = coalesce($3::text, handle), description = coalesce($4::text, description),
           status = coalesce($5::text, status), attributes = coalesce($6::jsonb, attributes), version = version + 1, updated_at = now()
     WHERE id = $1
    """)
  private static let dropCategories = Statement(
    "admin_product_categories_drop", "DELETE FROM catalogue.product_category WHERE product_id = $1")
  private static let putCategories = Statement(
    "admin_product_categories_put",
    """
    INSERT INTO catalogue.product_category (product_id, category_id, position)
    SELECT $1::uuid, c.id, c.n - 1 FROM unnest($2::uuid[]) WITH ORDINALITY c (id, n)
    """)
  private static let dropMedia = Statement("admin_media_drop", "DELETE FROM catalogue.media WHERE product_id = $1")
  private static let putMedia = Statement(
    "admin_media_put",
    """
    INSERT INTO catalogue.media (product_id, position, url, alt)
    SELECT $1::uuid, m.n - 1, m.url, m.alt FROM unnest($2::text[], $3::text[]) WITH ORDINALITY m (url, alt, n)
    """)

  /// Refuses with `notFound`, `stale`, `handleTaken`, or `invalid` for unknown categories.
  package func change(
    _ id: ProductID, _ change: ProductChange.Checked, if isPresent: @escaping Precondition, deadline: Deadline
  ) async throws -> ProductSnapshot {
    try await CatalogueConstraints.map(handle: change.handle) {
      try await database.transaction(deadline: deadline) { transaction in
        let results = try await transaction.run([
          Self.lock(.value(id)), Self.taken(.texts([]), .null, .uuids((change.categories ?? []).map(\.uuidBytes))),
        ])
        try Self.check(results[0], isPresent)
        try Self.checkCategories(change.categories ?? [], unknown: try results[1][0].uuids(2))
        guard !change.isEmpty else { return try Self.snapshot(try await transaction.run(Self.byID(.value(id)))) }
        var queries = [
          Self.update(
            .value(id), .value(change.title), .value(change.handle), .value(change.description),
            .value(change.status?.rawValue), change.attributes.map { .json(JSONText.object($0)) } ?? .null)
        ]
        if let categories = change.categories {
          queries += [Self.dropCategories(.value(id)), Self.putCategories(.value(id), .uuids(categories.map(\.uuidBytes)))]
        }
        if let media = change.media {
          queries += [
            Self.dropMedia(.value(id)), Self.putMedia(.value(id), .texts(media.map(\.url)), .optionalTexts(media.map(\.alt))),
          ]
        }
        return try await Self.finish(transaction, id, queries)
      }
    }
  }

  private static func check(_ rows: Rows, _ isPresent: Precondition) throws {
    guard let row = rows.first else { throw Refusal.notFound }
    let version = try row.int64(0)
    guard isPresent(version) else { throw Refusal.stale(current: version) }
  }

  private static func finish(_ transaction: Transaction, _ id: ProductID, _ queries: [Query]) async throws -> ProductSnapshot {
    try snapshot(
      try await transaction.commit(with: queries + [CatalogueRefresh.query([id.uuidBytes]), byID(.value(id))]).last)
  }

  /// Takes a product off the shop; one that is archived already stays as it is.
  package func archive(_ id: ProductID, if isPresent: @escaping Precondition, deadline: Deadline) async throws -> ProductSnapshot
  {
    let present = try await product(id, deadline: deadline)
    guard try present.status != ProductStatus.archived.rawValue else { return present }
    let change = try ProductChange(status: ProductStatus.archived.rawValue).checked()
    return try await self.change(id, change, if: isPresent, deadline: deadline)
  }

  // MARK: Prices

  private static let productOfVariant = Statement(
    "admin_product_of_variant",
    """
    SELECT p.version, p.id FROM catalogue.variant v JOIN catalogue.product p ON p.id = v.product_id
     WHERE v.id = $1 FOR NO KEY UPDATE OF p
    """)
  private static let dropPrices = Statement(
    "admin_prices_drop", "DELETE FROM catalogue.price WHERE variant_id = $1 AND NOT currency = ANY ($2::text[])")
  private static let putPrices = Statement(
    "admin_prices_put",
    """
    INSERT INTO catalogue.price (variant_id, currency, amount, compare_at_amount)
    SELECT $1::uuid, p.currency, p.amount, p.compare_at FROM unnest($2::text[], $3::bigint[], $4::bigint[]) p (currency, amount, compare_at)
    ON CONFLICT (variant_id, currency) DO UPDATE SET amount = excluded.amount, compare_at_amount = excluded.compare_at_amount
    """)
  private static let touch = Statement(
    "admin_product_touch", "UPDATE catalogue.product SET version = version + 1, updated_at = now() WHERE id = $1")

  /// Puts these prices in place of all that the variant has; the version is its product's.
  package func setPrices(
    _ variant: VariantID, _ prices: [Price], if isPresent: @escaping Precondition, deadline: Deadline
  ) async throws -> ProductSnapshot {
    try await database.transaction(deadline: deadline) { transaction in
      let found = try await transaction.run(Self.productOfVariant(.value(variant)))
      try Self.check(found, isPresent)
      let id = ProductID(try found[0].uuid(1))
      let currencies = Parameter.texts(prices.map(\.currency.code))
      return try await Self.finish(
        transaction, id,
        [
          Self.dropPrices(.value(variant), currencies),
          Self.putPrices(
            .value(variant), currencies, .int64s(prices.map(\.amount)), .optionalInt64s(prices.map(\.compareAtAmount))),
          Self.touch(.value(id)),
        ])
    }
  }

  // MARK: Categories

  private static let categoryLock = Statement("admin_category_lock", "LOCK TABLE catalogue.category IN SHARE ROW EXCLUSIVE MODE")
  private static let categoryUpdate = Statement(
    "admin_category_update",
    """
    UPDATE catalogue.category SET parent_id = $2::uuid, handle = $3::text, title = $4::text, position = $5::int, version = $6::bigint,
           updated_at = now() WHERE id = $1::uuid
    """)
  private static let refreshUnder = Statement(
    "admin_category_refresh", "SELECT catalogue.refresh(catalogue.products_under($1::uuid))")

  package func categories(deadline: Deadline) async throws -> [Shop.Category] {
    try Self.decode(try await database.read(CategoryRows.all(), deadline: deadline))
  }

  private static func decode(_ rows: Rows) throws(PostgresError) -> [Shop.Category] {
    try rows.decode { row throws(PostgresError) in try CategoryRows.category(row) }
  }

  package func createCategory(_ draft: CategoryDraft, deadline: Deadline) async throws -> Shop.Category {
    try await database.transaction(deadline: deadline) { transaction in
      let present = try Self.decode(try await transaction.run([Self.categoryLock(), CategoryRows.all()])[1])
      var ids = IdentifierSequence()
      let category = try draft.checked(id: ids.next(), in: CategoryTree(present))
      guard !present.contains(where: { $0.handle == category.handle }) else { throw Refusal.handleTaken(category.handle) }
      // The parent is there: each category on its own is the first level of an insertion.
      try await transaction.commit(with: CategoryInsertion.queries([category]))
      return category
    }
  }

  package func changeCategory(
    _ id: CategoryID, _ draft: CategoryDraft, if isPresent: @escaping Precondition, deadline: Deadline
  ) async throws -> Shop.Category {
    try await database.transaction(deadline: deadline) { transaction in
      let present = try Self.decode(try await transaction.run([Self.categoryLock(), CategoryRows.all()])[1])
      guard let old = present.first(where: { $0.id == id }) else { throw Refusal.notFound }
      guard isPresent(old.version) else { throw Refusal.stale(current: old.version) }
      let new = try draft.checkedChange(of: old, in: CategoryTree(present))
      guard !present.contains(where: { $0.handle == new.handle && $0.id != id }) else { throw Refusal.handleTaken(new.handle) }
      try await transaction.commit(with: [
        Self.categoryUpdate(
          .value(id), .value(new.parent), .value(new.handle), .text(new.title), .int32(Int32(clamping: new.position)),
          .int64(new.version)),
        Self.refreshUnder(.value(id)),
      ])
      return new
    }
  }
}

extension NewProduct {
  fileprivate func with(handle: Handle) -> NewProduct {
    NewProduct(
      title: title, handle: handle, isHandleGiven: isHandleGiven, description: description, status: status,
      attributes: attributes, options: options, categories: categories, media: media, variants: variants)
  }
}
