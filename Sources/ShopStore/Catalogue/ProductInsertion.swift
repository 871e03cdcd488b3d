import Postgres
import Shop

/// Products and variants to be made, as the arrays of one statement a table: however many there are, they travel in one trip.
///
/// A taken SKU or handle and an unknown category raise, by the names of their constraints.
package struct ProductInsertion {
  private var products = Products()
  private var options = Options()
  private var variants = Variants()
  private var prices = Prices()
  private var categories = Categories()
  private var media = Media()
  private var stock = Stock()

  package init() {}

  /// Of products.
  package var count: Int { products.ids.count }

  /// - Parameters:
  ///   - variants: the ids of the variants, in their order.
  ///   - movements: the ids of their first stock movements.
  ///   - stockReference: what the first movements are booked under.
  ///   - createdAt: the transaction's time when nil.
  package mutating func add(
    _ product: NewProduct, id: ProductID, externalID: String?, variants variantIDs: [VariantID], movements: [AdjustmentID],
    stockReference: String, createdAt: Timestamp? = nil
  ) {
    let key = id.uuidBytes
    products.ids.append(key)
    products.handles.append(product.handle.text)
    products.titles.append(product.title)
    products.descriptions.append(product.description)
    products.statuses.append(product.status.rawValue)
    products.attributes.append(JSONText.object(product.attributes))
    products.externalIDs.append(externalID)
    products.times.append(createdAt?.microseconds)
    for (position, option) in product.options.enumerated() {
      options.products.append(key)
      options.positions.append(Int32(position))
      options.names.append(option.name)
      options.values.append(JSONText.array(option.values))
    }
    for (position, category) in product.categories.enumerated() {
      categories.products.append(key)
      categories.categories.append(category.uuidBytes)
      categories.positions.append(Int32(position))
    }
    for (position, item) in product.media.enumerated() {
      media.products.append(key)
      media.positions.append(Int32(position))
      media.urls.append(item.url)
      media.alts.append(item.alt)
    }
    for (position, (variant, (variantID, movement))) in zip(product.variants, zip(variantIDs, movements)).enumerated() {
      add(variant, id: variantID, to: id, at: Int32(position), movement: movement, stockReference: stockReference)
    }
  }

  /// - Parameters:
  ///   - movement: the id of its first stock movement.
  ///   - stockReference: what that is booked under.
  package mutating func add(
    _ variant: NewVariant, id variantID: VariantID, to product: ProductID, at position: Int32, movement: AdjustmentID,
    stockReference: String
  ) {
    let id = variantID.uuidBytes
    stock.variants.append(id)
    stock.counts.append(Int32(clamping: variant.stock))
    stock.movements.append(movement.uuidBytes)
    stock.references.append(stockReference)
    variants.ids.append(id)
    variants.products.append(product.uuidBytes)
    variants.positions.append(position)
    variants.skus.append(variant.sku.text)
    variants.titles.append(variant.title)
    variants.options.append(JSONText.object(variant.options))
    variants.taxClasses.append(variant.taxClass.rawValue)
    variants.requiresShipping.append(variant.requiresShipping)
    variants.weights.append(variant.weightGrams.map { Int32(clamping: $0) })
    variants.barcodes.append(variant.barcode)
    for price in variant.prices {
      prices.variants.append(id)
      prices.currencies.append(price.currency.code)
      prices.amounts.append(price.amount)
      prices.compareAts.append(price.compareAtAmount)
    }
  }

  /// Every statement, the rebuild of what shoppers read last.
  package var queries: [Query] {
    guard !variants.ids.isEmpty else { return [] }
    return (products.ids.isEmpty ? [] : [products.query])
      + (options.products.isEmpty ? [] : [options.query]) + [variants.query]
      + (prices.variants.isEmpty ? [] : [prices.query])
      + (categories.products.isEmpty ? [] : [categories.query])
      + (media.products.isEmpty ? [] : [media.query])
      + [stock.query, CatalogueRefresh.query(variants.ofProducts)]
  }

  // MARK: A statement a table

  private struct Products {
    var ids: [UUIDBytes] = []
    var handles: [String] = []
    var titles: [String] = []
    var descriptions: [String] = []
    var statuses: [String] = []
    var attributes: [String] = []
    var externalIDs: [String?] = []
    var times: [Int64?] = []

    private static let insert = Statement(
      "products_insert",
      """
      INSERT INTO catalogue.product (id, handle, title, description, status, attributes, external_id, created_at, updated_at)
      SELECT p.id, p.handle, p.title, p.description, p.status, p.attributes::jsonb, p.external_id,
             coalesce(p.created_at, now()), coalesce(p.created_at, now())
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
             p (id, handle, title, description, status, attributes, external_id, created_at)
      """)

    var query: Query {
      Self.insert(
        .uuids(ids), .texts(handles), .texts(titles), .texts(descriptions), .texts(statuses), .texts(attributes),
        .optionalTexts(externalIDs), .optionalTimestamps(times))
    }
  }

  private struct Options {
    var products: [UUIDBytes] = []
    var positions: [Int32] = []
    var names: [String] = []
    /// JSON arrays.
    var values: [String] = []

    private static let insert = Statement(
      "product_options_insert",
      """
      INSERT INTO catalogue.product_option (product_id, position, name, "values")
      SELECT o.product_id, o.position, o.name, ARRAY(SELECT jsonb_array_elements_text(o.list::jsonb))
        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) o (product_id, position, name, list)
      """)

    var query: Query { Self.insert(.uuids(products), .int32s(positions), .texts(names), .texts(values)) }
  }

  private struct Variants {
    var ids: [UUIDBytes] = []
    /// Those of one product stand together.
    var products: [UUIDBytes] = []
    var positions: [Int32] = []
    var skus: [String] = []
    var titles: [String] = []
    var options: [String] = []
    var taxClasses: [String] = []
    var requiresShipping: [Bool] = []
    var weights: [Int32?] = []
    var barcodes: [String?] = []

    /// Each once.
    var ofProducts: [UUIDBytes] {
      products.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private static let insert = Statement(
      "variants_insert",
      """
      INSERT INTO catalogue.variant
             (id, product_id, position, sku, title, options, tax_class, requires_shipping, weight_g, barcode)
      SELECT v.id, v.product_id, v.position, v.sku, v.title, v.options::jsonb, v.tax_class, v.requires_shipping, v.weight_g, v.barcode
        FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::int[], $10::text[])
             v (id, product_id, position, sku, title, options, tax_class, requires_shipping, weight_g, barcode)
      """)

    var query: Query {
      Self.insert(
        .uuids(ids), .uuids(products), .int32s(positions), .texts(skus), .texts(titles), .texts(options), .texts(taxClasses),
        .bools(requiresShipping), .optionalInt32s(weights), .optionalTexts(barcodes))
    }
  }

  private struct Prices {
    var variants: [UUIDBytes] = []
    var currencies: [String] = []
    var amounts: [Int64] = []
    var compareAts: [Int64?] = []

    private static let insert = Statement(
      "prices_insert",
      """
      INSERT INTO catalogue.price (variant_id, currency, amount, compare_at_amount)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
      """)

    var query: Query { Self.insert(.uuids(variants), .texts(currencies), .int64s(amounts), .optionalInt64s(compareAts)) }
  }

  private struct Categories {
    var products: [UUIDBytes] = []
    var categories: [UUIDBytes] = []
    var positions: [Int32] = []

    private static let insert = Statement(
      "product_categories_insert",
      """
      INSERT INTO catalogue.product_category (product_id, category_id, position)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[])
      """)

    var query: Query { Self.insert(.uuids(products), .uuids(categories), .int32s(positions)) }
  }

  private struct Media {
    var products: [UUIDBytes] = []
    var positions: [Int32] = []
    var urls: [String] = []
    var alts: [String?] = []

    private static let insert = Statement(
      "media_insert",
      """
      INSERT INTO catalogue.media (product_id, position, url, alt)
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[])
      """)

    var query: Query { Self.insert(.uuids(products), .int32s(positions), .texts(urls), .optionalTexts(alts)) }
  }

  private struct Stock {
    var variants: [UUIDBytes] = []
    var counts: [Int32] = []
    var movements: [UUIDBytes] = []
    var references: [String] = []

    /// Sales books it at the default location, in this transaction or in its own database (migration 0012).
    private static let insert = Statement(
      "opening_stock_insert",
      """
      INSERT INTO catalogue.opening_stock (variant_id, on_hand, movement_id, ref)
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[])
      """)

    var query: Query { Self.insert(.uuids(variants), .int32s(counts), .uuids(movements), .texts(references)) }
  }
}

/// The last statement of every command of the catalogue: it rebuilds what shoppers read of these products.
enum CatalogueRefresh {
  private static let statement = Statement("catalogue_refresh", "SELECT catalogue.refresh($1::uuid[])")

  static func query(_ products: [UUIDBytes]) -> Query { statement(.uuids(products)) }
}
