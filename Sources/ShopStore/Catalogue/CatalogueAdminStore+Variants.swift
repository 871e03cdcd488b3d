import Postgres
import Shop

extension CatalogueAdminStore {
  // MARK: Making and changing

  private static let lockProduct = Statement(
    "admin_variants_lock", "SELECT version, id, title FROM catalogue.product WHERE id = $1 FOR NO KEY UPDATE")
  private static let productOfVariant = Statement(
    "admin_product_of_variant",
    """
    SELECT p.version, p.id, p.title FROM catalogue.variant v JOIN catalogue.product p ON p.id = v.product_id
     WHERE v.id = $1 FOR NO KEY UPDATE OF p
    """)
  /// Read in statements after the lock's: what another change has committed meanwhile must count.
  private static let options = Statement(
    "admin_variants_options",
    """
    SELECT o.name, o."values" FROM catalogue.product_option o
     WHERE o.product_id = coalesce($1::uuid, (SELECT v.product_id FROM catalogue.variant v WHERE v.id = $2::uuid)) ORDER BY o.position
    """)
  private static let places = Statement(
    "admin_variants_places",
    """
    SELECT count(*) FILTER (WHERE w.archived_at IS NULL), coalesce(max(w.position) + 1, 0) FROM catalogue.variant w
     WHERE w.product_id = coalesce($1::uuid, (SELECT v.product_id FROM catalogue.variant v WHERE v.id = $2::uuid))
    """)
  private static let variant = Statement(
    "admin_variant",
    """
    SELECT sku, title, options, tax_class, requires_shipping, weight_g, barcode, archived_at IS NOT NULL
      FROM catalogue.variant WHERE id = $1
    """)
  private static let widen = Statement(
    "admin_variants_widen",
    """
    UPDATE catalogue.product_option o SET "values" = o."values" || d.value
      FROM unnest($2::text[], $3::text[]) d (name, value) WHERE o.product_id = $1::uuid AND o.name = d.name
    """)
  private static let update = Statement(
    "admin_variant_update",
    """
    UPDATE catalogue.variant SET sku = $2::text, title = $3::text, options = $4::jsonb, tax_class = $5::text,
           requires_shipping = $6::boolean, weight_g = $7::int, barcode = $8::text,
           archived_at = CASE WHEN $9::boolean THEN coalesce(archived_at, now()) END
     WHERE id = $1::uuid
    """)

  /// A locked product, and what a variant of it has to fit in.
  private struct Frame {
    let product: ProductID
    let version: Int64
    let range: VariantRange
    /// Behind all others, archived ones too.
    let nextPosition: Int32

    init(_ product: Rows, _ options: Rows, _ places: Rows) throws {
      guard let row = product.first, let place = places.first else { throw Refusal.notFound }
      version = try row.int64(0)
      self.product = ProductID(try row.uuid(1))
      range = VariantRange(
        productTitle: try row.string(2),
        options: try options.map { ProductOption(name: try $0.string(0), values: try $0.strings(1)) },
        sold: try place.int(0))
      nextPosition = try place.int32(1)
    }

    /// Counts the change as the product's, and gives the options the values that they now have.
    func queries(widenedTo options: [ProductOption]) -> [Query] {
      let more = range.additions(in: options)
      return [touch(.value(product))]
        + (more.isEmpty ? [] : [widen(.value(product), .texts(more.map(\.name)), .texts(more.map(\.value)))])
    }
  }

  /// Adds a variant to a product. A value that an option lacks is added to the option.
  ///
  /// Refuses with `notFound`, `stale`, `skuTaken`, or `invalid`, also for options that another variant has.
  package func addVariant(
    to product: ProductID, _ draft: VariantDraft, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let loaded = try await transaction.run([
        Self.lockProduct(.value(product)), Self.options(.value(product), .null), Self.places(.value(product), .null),
      ])
      let frame = try Frame(loaded[0], loaded[1], loaded[2])
      try condition.check(frame.version)
      let (variant, options) = try draft.added(to: frame.range)
      var ids = IdentifierSequence()
      let id = ids.next(VariantKind.self)
      var insertion = ProductInsertion()
      insertion.add(variant, id: id, to: product, at: frame.nextPosition, movement: ids.next(), stockReference: "\(id)")
      let queries = frame.queries(widenedTo: options) + insertion.queries + [Self.byID(.value(product))]
      return try render(try Self.snapshot(try await transaction.run(queries, isLast: isLast).last))
    }
  }

  /// Changes a variant; the version is its product's. A change that says nothing new leaves the version as it is.
  ///
  /// Refuses with `notFound`, `stale`, `skuTaken`, or `invalid`, also for options that another variant has.
  package func changeVariant(
    _ id: VariantID, _ change: VariantChange, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let loaded = try await transaction.run([
        Self.productOfVariant(.value(id)), Self.options(.null, .value(id)), Self.places(.null, .value(id)),
        Self.variant(.value(id)),
      ])
      let frame = try Frame(loaded[0], loaded[1], loaded[2])
      try condition.check(frame.version)
      guard let row = loaded[3].first else { throw Refusal.notFound }
      let (present, status) = try Self.variant(row, in: frame.range)
      let changed = try change.applied(to: present, status, in: frame.range)
      guard changed.variant != present || changed.status != status else {
        return try render(try Self.snapshot(try await transaction.run([Self.byID(.value(frame.product))], isLast: isLast).last))
      }
      let variant = changed.variant
      return try render(
        try await Self.finish(
          transaction, frame.product,
          frame.queries(widenedTo: changed.options) + [
            Self.update(
              .value(id), .value(variant.sku.text), .text(variant.title), .json(JSONText.object(variant.options)),
              .text(variant.taxClass.rawValue), .bool(variant.requiresShipping),
              variant.weightGrams.map { .int32(Int32(clamping: $0)) } ?? .null, .value(variant.barcode),
              .bool(changed.status == .archived))
          ], isLast: isLast))
    }
  }

  /// A variant without its prices and its stock, which have routes of their own.
  private static func variant(_ row: Row, in range: VariantRange) throws -> (NewVariant, VariantStatus) {
    guard let sku = SKU(try row.string(0)), let taxClass = TaxClass(rawValue: try row.string(3)) else {
      throw StoredJSON.Malformed(member: "variant")
    }
    let variant = NewVariant(
      sku: sku, title: try row.string(1), options: range.ordered(try row.storedJSON(2)?.optionValues ?? []), prices: [],
      taxClass: taxClass, requiresShipping: try row.bool(4), weightGrams: try row.optionalInt32(5).map(Int64.init),
      barcode: try row.optionalString(6))
    return (variant, try row.bool(7) ? .archived : .active)
  }

  // MARK: Prices

  private static let dropPrices = Statement(
    "admin_prices_drop", "DELETE FROM catalogue.price WHERE variant_id = $1 AND NOT currency = ANY ($2::text[])")
  private static let putPrices = Statement(
    "admin_prices_put",
    """
    INSERT INTO catalogue.price (variant_id, currency, amount, compare_at_amount)
    SELECT $1::uuid, p.currency, p.amount, p.compare_at FROM unnest($2::text[], $3::bigint[], $4::bigint[]) p (currency, amount, compare_at)
    ON CONFLICT (variant_id, currency) DO UPDATE SET amount = excluded.amount, compare_at_amount = excluded.compare_at_amount
    """)

  /// Puts these prices in place of all that the variant has; the version is its product's.
  package func setPrices(
    _ variant: VariantID, _ prices: [Price], if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      guard let product = try await transaction.run(Self.productOfVariant(.value(variant))).first else {
        throw Refusal.notFound
      }
      try condition.check(try product.int64(0))
      let id = ProductID(try product.uuid(1))
      let currencies = Parameter.texts(prices.map(\.currency.code))
      return try render(
        try await Self.finish(
          transaction, id,
          [
            Self.dropPrices(.value(variant), currencies),
            Self.putPrices(
              .value(variant), currencies, .int64s(prices.map(\.amount)), .optionalInt64s(prices.map(\.compareAtAmount))),
            Self.touch(.value(id)),
          ], isLast: isLast))
    }
  }
}
