import Postgres
import Shop

/// One batch of an import: what is new, what differs, and the statements for both.
struct ImportStep {
  let known: KnownProducts
  let setStock: Bool
  private(set) var conflicts: [ProductImporting.Conflict] = []
  private(set) var unchanged = 0
  private var insertion = ProductInsertion()
  private var changes = Changes()
  /// Stock that the file gives for variants that are there already.
  private(set) var counted: [ImportStock.Count] = []

  var created: Int { insertion.count }
  var changed: Int { changes.ids.count }

  init(known: KnownProducts, setStock: Bool) {
    self.known = known
    self.setStock = setStock
  }

  private struct Changes {
    var ids: [UUIDBytes] = []
    var externalIDs: [String] = []
    var titles: [String] = []
    var descriptions: [String] = []
    var audiences: [String?] = []
    var variants: [(id: UUIDBytes, sku: String, title: String)] = []
    var prices: [(variant: UUIDBytes, currency: String, amount: Int64)] = []
    var categories: [(product: UUIDBytes, old: UUIDBytes?, new: UUIDBytes)] = []
    var pictures: [(product: UUIDBytes, url: String, alt: String?)] = []
  }

  // MARK: Deciding

  mutating func take(
    _ item: ProductImporting.Item, _ index: Int, _ shelves: inout ImportShelves, _ ids: inout IdentifierSequence
  ) {
    let imported = item.imported
    let category = shelves.find(imported.path, &ids)
    if let product = known.product(of: imported) {
      compare(product, imported, category, item, index)
    } else {
      create(imported, category, item, index, &ids)
    }
  }

  private mutating func conflict(_ item: Int, _ column: String, _ detail: String) {
    conflicts.append(ProductImporting.Conflict(item: item, column: column, detail: detail))
  }

  private mutating func create(
    _ imported: ImportRow.Imported, _ category: CategoryID?, _ item: ProductImporting.Item, _ index: Int,
    _ ids: inout IdentifierSequence
  ) {
    let product = imported.product
    if known.ownerOfHandle(product.handle) != nil {
      return conflict(index, "external_id", "another product has the handle \(product.handle)")
    }
    for variant in product.variants where known.ownerOfSKU(variant.sku) != nil {
      return conflict(index, "sku", "another product has the SKU \(variant.sku)")
    }
    let shelved = NewProduct(
      title: product.title, handle: product.handle, isHandleGiven: true, description: product.description,
      status: product.status, attributes: product.attributes, options: product.options, categories: category.map { [$0] } ?? [],
      media: product.media, variants: product.variants)
    insertion.add(
      shelved, id: ids.next(), externalID: imported.externalID, variants: product.variants.map { _ in ids.next() },
      movements: product.variants.map { _ in ids.next() }, stockReference: item.reference)
  }

  private mutating func compare(
    _ old: KnownProducts.Product, _ imported: ImportRow.Imported, _ category: CategoryID?, _ item: ProductImporting.Item,
    _ index: Int
  ) {
    let new = imported.product
    guard let wanted = new.variants.first else { return }
    if let owner = known.ownerOfSKU(wanted.sku), owner != old.id {
      return conflict(index, "sku", "another product has the SKU \(wanted.sku)")
    }
    // A product with one variant may have its SKU changed by the file; with more, nobody could tell which is meant.
    guard
      let variant = old.variants.first(where: { $0.sku == wanted.sku.text })
        ?? (old.variants.count == 1 ? old.variants.first : nil)
    else {
      return conflict(index, "sku", "the product is there with other variants, none of which has the SKU \(wanted.sku)")
    }
    let key = old.id.uuidBytes
    let audience = new.attributes.first { $0.name == "audience" }?.value ?? old.audience
    var differs =
      old.externalID != imported.externalID || old.title != new.title || old.description != new.description
      || old.audience != audience
    // A variant that carries its product's title follows it.
    let variantTitle = variant.title == old.title ? wanted.title : variant.title
    if variant.sku != wanted.sku.text || variant.title != variantTitle {
      changes.variants.append((variant.id.uuidBytes, wanted.sku.text, variantTitle))
      differs = true
    }
    for price in wanted.prices where variant.prices[price.currency.code] != price.amount {
      changes.prices.append((variant.id.uuidBytes, price.currency.code, price.amount))
      differs = true
    }
    if let category, !old.categories.contains(category) {
      changes.categories.append((key, old.categories.first?.uuidBytes, category.uuidBytes))
      differs = true
    }
    if let picture = new.media.first, picture.url != old.firstPicture {
      changes.pictures.append((key, picture.url, picture.alt))
      differs = true
    }
    if setStock {
      counted.append(ImportStock.Count(item: index, variant: variant.id, count: wanted.stock, reference: item.reference))
    }
    guard differs else {
      unchanged += 1
      return
    }
    changes.ids.append(key)
    changes.externalIDs.append(imported.externalID)
    changes.titles.append(new.title)
    changes.descriptions.append(new.description)
    changes.audiences.append(audience)
  }

  // MARK: Writing

  private static let updateProducts = Statement(
    "import_products_update",
    """
    UPDATE catalogue.product p
       SET external_id = n.external_id, title = n.title, description = n.description, version = p.version + 1, updated_at = now(),
           attributes = CASE WHEN n.audience IS NULL THEN p.attributes ELSE p.attributes || jsonb_build_object('audience', n.audience) END
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) n (id, external_id, title, description, audience)
     WHERE p.id = n.id
    """)
  private static let updateVariants = Statement(
    "import_variants_update",
    """
    UPDATE catalogue.variant v SET sku = n.sku, title = n.title
      FROM unnest($1::uuid[], $2::text[], $3::text[]) n (id, sku, title) WHERE v.id = n.id
    """)
  private static let writePrices = Statement(
    "import_prices",
    """
    INSERT INTO catalogue.price AS p (variant_id, currency, amount)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[])
    ON CONFLICT (variant_id, currency) DO UPDATE
       SET amount = excluded.amount,
           compare_at_amount = CASE WHEN p.compare_at_amount > excluded.amount THEN p.compare_at_amount END
    """)
  private static let removeCategories = Statement(
    "import_categories_remove",
    """
    DELETE FROM catalogue.product_category c USING unnest($1::uuid[], $2::uuid[]) o (product_id, category_id)
     WHERE c.product_id = o.product_id AND c.category_id = o.category_id
    """)
  private static let addCategories = Statement(
    "import_categories_add",
    """
    INSERT INTO catalogue.product_category (product_id, category_id, position)
    SELECT n.product_id, n.category_id, 0 FROM unnest($1::uuid[], $2::uuid[]) n (product_id, category_id)
    """)
  private static let writePictures = Statement(
    "import_pictures",
    """
    INSERT INTO catalogue.media (product_id, position, url, alt)
    SELECT n.product_id, 0, n.url, n.alt FROM unnest($1::uuid[], $2::text[], $3::text[]) n (product_id, url, alt)
    ON CONFLICT (product_id, position) DO UPDATE SET url = excluded.url, alt = excluded.alt
    """)

  func write(_ transaction: Transaction) async throws {
    var queries = changeQueries
    if !changes.ids.isEmpty { queries.append(CatalogueRefresh.query(changes.ids)) }
    queries += insertion.queries
    if !queries.isEmpty { try await transaction.run(queries) }
  }

  private var changeQueries: [Query] {
    guard !changes.ids.isEmpty else { return [] }
    var queries = [
      Self.updateProducts(
        .uuids(changes.ids), .texts(changes.externalIDs), .texts(changes.titles), .texts(changes.descriptions),
        .optionalTexts(changes.audiences))
    ]
    let variants = changes.variants
    if !variants.isEmpty {
      queries.append(Self.updateVariants(.uuids(variants.map(\.id)), .texts(variants.map(\.sku)), .texts(variants.map(\.title))))
    }
    let prices = changes.prices
    if !prices.isEmpty {
      queries.append(
        Self.writePrices(.uuids(prices.map(\.variant)), .texts(prices.map(\.currency)), .int64s(prices.map(\.amount))))
    }
    let categories = changes.categories
    if !categories.isEmpty {
      let moved = categories.compactMap { entry in entry.old.map { (entry.product, $0) } }
      queries.append(Self.removeCategories(.uuids(moved.map { $0.0 }), .uuids(moved.map { $0.1 })))
      queries.append(Self.addCategories(.uuids(categories.map(\.product)), .uuids(categories.map(\.new))))
    }
    let pictures = changes.pictures
    if !pictures.isEmpty {
      queries.append(
        Self.writePictures(.uuids(pictures.map(\.product)), .texts(pictures.map(\.url)), .optionalTexts(pictures.map(\.alt))))
    }
    return queries
  }
}
