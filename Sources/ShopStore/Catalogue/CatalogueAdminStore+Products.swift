import Postgres
import Shop

extension CatalogueAdminStore {
  // MARK: Making

  private static let taken = Statement(
    "skus_and_handle_taken",
    """
    SELECT ARRAY(SELECT sku FROM catalogue.variant WHERE sku = ANY ($1::text[])),
           EXISTS (SELECT FROM catalogue.product WHERE handle = $2::text),
           ARRAY(SELECT w.id FROM unnest($3::uuid[]) w (id) WHERE NOT EXISTS (SELECT FROM catalogue.category c WHERE c.id = w.id))
    """)

  /// Refuses with `skuTaken`, `handleTaken` or, for unknown categories, `invalid`.
  package func create(
    _ draft: NewProduct, keyed: KeyedRequest?, _ moment: Moment, render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
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
      return try render(
        try Self.snapshot(try await transaction.run(insertion.queries + [Self.byID(.value(id))], isLast: isLast).last))
    }
  }

  private static func checkCategories(_ wanted: [CategoryID], unknown: [UUIDBytes]) throws {
    guard !unknown.isEmpty else { return }
    throw Refusal.invalid(
      wanted.enumerated().filter { unknown.contains($0.element.uuidBytes) }.map {
        Fault("/category_ids/\($0.offset)", .unknownReference, "Nothing has this id.")
      })
  }

  // MARK: Changing

  private static let lock = Statement(
    "admin_product_lock",
    """
    SELECT version, status, (SELECT count(*) FROM jsonb_object_keys(\(mergedAttributes("$2", "$3", "$4"))))
      FROM catalogue.product WHERE id = $1 FOR NO KEY UPDATE
    """)
  private static let update = Statement(
    "admin_product_update",
    """
    UPDATE catalogue.product
       SET title = coalesce($2::text, title), handle = coalesce($3::text, handle), description = coalesce($4::text, description),
           status = coalesce($5::text, status), attributes = \(mergedAttributes("$6", "$7", "$8")),
           version = version + 1, updated_at = now()
     WHERE id = $1
    """)
  /// The attributes after a change: all gone first where the first parameter says so, then without some names, then with others.
  private static func mergedAttributes(_ isCleared: String, _ removed: String, _ set: String) -> String {
    "(CASE WHEN \(isCleared)::boolean THEN '{}' ELSE attributes END - \(removed)::text[] || \(set)::jsonb)"
  }
  private static func parameters(_ change: AttributeChange?) -> [Parameter] {
    let change = change ?? AttributeChange()
    return [.bool(change.isCleared), .texts(change.removed), .json(JSONText.object(change.set))]
  }
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

  /// A change that says nothing new leaves the product as it is, its version too.
  ///
  /// Refuses with `notFound`, `stale`, `handleTaken`, or `invalid` for unknown categories.
  package func change(
    _ id: ProductID, _ change: ProductChange.Checked, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let loaded = try await transaction.run([
        Self.lock.bind([.value(id)] + Self.parameters(change.attributes)),
        Self.taken(.texts([]), .null, .uuids((change.categories ?? []).map(\.uuidBytes))),
      ])
      guard let present = loaded[0].first else { throw Refusal.notFound }
      try condition.check(try present.int64(0))
      guard try present.int64(2) <= Int64(Attribute.most) else {
        throw Refusal.invalid("/attributes", .tooMany, Attribute.countRule)
      }
      try Self.checkCategories(change.categories ?? [], unknown: try loaded[1][0].uuids(2))
      var change = change
      if try change.status?.rawValue == present.string(1) { change.status = nil }
      guard !change.isEmpty else {
        return try render(try Self.snapshot(try await transaction.run([Self.byID(.value(id))], isLast: isLast).last))
      }
      var queries = [
        Self.update.bind(
          [
            .value(id), .value(change.title), .value(change.handle), .value(change.description),
            .value(change.status?.rawValue),
          ] + Self.parameters(change.attributes))
      ]
      if let categories = change.categories {
        queries += [Self.dropCategories(.value(id)), Self.putCategories(.value(id), .uuids(categories.map(\.uuidBytes)))]
      }
      if let media = change.media {
        queries += [
          Self.dropMedia(.value(id)), Self.putMedia(.value(id), .texts(media.map(\.url)), .optionalTexts(media.map(\.alt))),
        ]
      }
      return try render(try await Self.finish(transaction, id, queries, isLast: isLast))
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
