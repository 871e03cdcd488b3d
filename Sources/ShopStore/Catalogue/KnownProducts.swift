import Postgres
import Shop

/// What the catalogue has of the products of an import, locked until the transaction ends.
struct KnownProducts {
  struct Variant {
    let id: VariantID
    let sku: String
    let title: String
    var prices: [String: Int64] = [:]
  }

  struct Product {
    let id: ProductID
    let externalID: String?
    let handle: String
    let title: String
    let description: String
    let audience: String?
    /// In their order.
    let categories: [CategoryID]
    let firstPicture: String?
    var variants: [Variant] = []
  }

  private var products: [ProductID: Product] = [:]
  private var byExternalID: [String: ProductID] = [:]
  private var byHandle: [String: ProductID] = [:]
  private var bySKU: [String: ProductID] = [:]

  private static let find = Statement(
    "import_known_products",
    """
    SELECT p.id, p.external_id, p.handle, p.title, p.description, p.attributes->>'audience',
           ARRAY(SELECT c.category_id FROM catalogue.product_category c WHERE c.product_id = p.id ORDER BY c.position, c.category_id),
           (SELECT m.url FROM catalogue.media m WHERE m.product_id = p.id ORDER BY m.position LIMIT 1)
      FROM catalogue.product p
     WHERE p.id = ANY (ARRAY(SELECT id FROM catalogue.product WHERE external_id = ANY ($1::text[])
                              UNION SELECT id FROM catalogue.product WHERE handle = ANY ($2::text[])
                              UNION SELECT product_id FROM catalogue.variant WHERE sku = ANY ($3::text[])))
     ORDER BY p.id FOR NO KEY UPDATE OF p
    """)
  private static let variants = Statement(
    "import_known_variants",
    """
    SELECT v.id, v.product_id, v.sku, v.title, v.archived_at IS NOT NULL,
           ARRAY(SELECT c.currency FROM catalogue.price c WHERE c.variant_id = v.id ORDER BY c.currency),
           ARRAY(SELECT c.amount FROM catalogue.price c WHERE c.variant_id = v.id ORDER BY c.currency)
      FROM catalogue.variant v WHERE v.product_id = ANY ($1::uuid[]) ORDER BY v.position, v.id
    """)

  init(_ imported: [ImportRow.Imported], _ transaction: Transaction) async throws {
    let rows = try await transaction.run(
      Self.find(
        .texts(imported.map(\.externalID)), .texts(imported.map(\.product.handle.text)),
        .texts(imported.flatMap { $0.product.variants.map(\.sku.text) })))
    guard !rows.isEmpty else { return }
    for row in rows {
      let product = Product(
        id: ProductID(try row.uuid(0)), externalID: try row.optionalString(1), handle: try row.string(2),
        title: try row.string(3),
        description: try row.string(4), audience: try row.optionalString(5), categories: try row.uuids(6).map { CategoryID($0) },
        firstPicture: try row.optionalString(7))
      products[product.id] = product
      if let externalID = product.externalID { byExternalID[externalID] = product.id }
      byHandle[product.handle] = product.id
    }
    for row in try await transaction.run(Self.variants(.uuids(products.keys.map(\.uuidBytes)))) {
      let product = ProductID(try row.uuid(1))
      let sku = try row.string(2)
      bySKU[sku] = product
      guard try !row.bool(4) else { continue }
      products[product]?.variants.append(
        Variant(
          id: VariantID(try row.uuid(0)), sku: sku, title: try row.string(3),
          prices: Dictionary(zip(try row.strings(5), try row.int64s(6))) { first, _ in first }))
    }
  }

  /// By external id, else by handle where that product has no external id.
  func product(of imported: ImportRow.Imported) -> Product? {
    if let id = byExternalID[imported.externalID] { return products[id] }
    guard let id = byHandle[imported.product.handle.text], let product = products[id], product.externalID == nil else {
      return nil
    }
    return product
  }

  func ownerOfHandle(_ handle: Handle) -> ProductID? { byHandle[handle.text] }

  func ownerOfSKU(_ sku: SKU) -> ProductID? { bySKU[sku.text] }
}
