import TestSupport

/// A catalogue that the tests know by heart: written into the tables directly, so that what the program reads is compared with
/// what was put there and not with itself. Many keys are equal, so that ties must be broken.
struct CatalogueScene {
  struct Item: Sendable {
    let number: Int
    let id: String
    let title: String
    let description: String
    let status: String
    /// In minutes after the first moment.
    let minute: Int
    /// Of its variants, by currency.
    let prices: [String: [Int]]
    let color: String
    let materials: [String]
    let stock: Int
    let category: String?

    var handle: String { "item-\(number)" }
    var isInStock: Bool { stock > 0 }

    /// The item's own category and all above it.
    var shelves: [String] { category.map { CatalogueScene.pathOf[$0] ?? [] } ?? [] }
  }

  /// Each category with all above it, the top first.
  static let pathOf = [
    "kitchen": ["kitchen"], "cups": ["kitchen", "cups"], "mugs": ["kitchen", "cups", "mugs"], "rugs": ["rugs"],
    "empty": ["empty"],
  ]

  static let items: [Item] = (0..<44).map { number in
    // Neither ids nor minutes run with the numbers.
    let mixed = (number * 37 + 11) % 101
    let low = 500 + number % 5 * 100
    var prices = ["USD": [low + number % 3 * 150, low]]
    if number % 3 != 0 { prices["EUR"] = [2_000 - low] }
    return Item(
      number: number, id: "01900000-0000-7000-8000-\(hex(mixed, 12))",
      title: ["Blue Cup", "apple Tray", "Zebra Rug", "Émail Pot", "blue cup", "Cup & Saucer"][number % 6],
      description: number % 6 == 2 ? "Lies under any cup." : "Made by hand.",
      status: number < 40 ? "active" : number < 42 ? "draft" : "archived", minute: mixed % 7, prices: prices,
      color: ["red", "blue", "green"][number % 3], materials: [["clay"], ["wood"], ["clay", "glass"], ["wool"]][number % 4],
      stock: number % 4 == 0 ? 0 : number, category: [nil, "kitchen", "cups", "mugs", "rugs"][number % 5])
  }

  /// What shoppers may see.
  static let active = items.filter { $0.status == "active" }

  /// Runs `body` against a shop with this catalogue.
  static func with(settings: [String: String] = [:], _ body: (TestServer) async throws -> Void) async throws {
    // Nothing here is for the worker, and a stop waits for its turn.
    try await TestServer.with(settings: ["SHOP_WORKER": "off"].merging(settings) { $1 }) { server in
      try server.database.execute(sql)
      try await body(server)
    }
  }

  static func category(_ handle: String) -> String {
    "01900000-0000-7000-8000-c00000000\(hex(pathOf.keys.sorted().firstIndex(of: handle) ?? 0, 3))"
  }

  private static func hex(_ number: Int, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  static let sql: String = {
    var sql = ""
    for (position, handle) in ["kitchen", "cups", "mugs", "rugs", "empty"].enumerated() {
      let parent = pathOf[handle]?.dropLast().last.map { "'\(category($0))'" } ?? "NULL"
      sql += """
        INSERT INTO catalogue.category (id, parent_id, handle, title, position)
        VALUES ('\(category(handle))', \(parent), '\(handle)', initcap('\(handle)'), \(position));

        """
    }
    for item in items { sql += insertion(of: item) }
    return sql + "SELECT catalogue.refresh(array_agg(id ORDER BY id)) FROM catalogue.product;"
  }()

  private static func insertion(of item: Item) -> String {
    let materials = item.materials.count == 1 ? "\"\(item.materials[0])\"" : "\(item.materials)"
    var sql = """
      INSERT INTO catalogue.product (id, handle, title, description, status, attributes, created_at)
      VALUES ('\(item.id)', '\(item.handle)', '\(item.title)', '\(item.description)', '\(item.status)',
              '{"color": "\(item.color)", "material": \(materials)}', '2026-01-01Z'::timestamptz + \(item.minute) * interval '1 minute');
      INSERT INTO catalogue.product_option (product_id, position, name, "values") VALUES ('\(item.id)', 0, 'size', '{L,S}');

      """
    for (place, size) in ["L", "S"].enumerated() {
      let variant = item.id.replacing("-8000-", with: "-900\(place)-")
      sql += """
        INSERT INTO catalogue.variant (id, product_id, position, sku, title, options)
        VALUES ('\(variant)', '\(item.id)', \(place), 'SKU-\(item.number)-\(size)', '\(size)', '{"size": "\(size)"}');
        INSERT INTO sales.stock_level (variant_id, location_id, on_hand)
        VALUES ('\(variant)', '01900000-0000-7000-8000-000000000001', \(place == 0 ? item.stock : 0));

        """
      for (currency, amounts) in item.prices where place < amounts.count {
        sql += "INSERT INTO catalogue.price VALUES ('\(variant)', '\(currency)', \(amounts[place]));\n"
      }
    }
    if let handle = item.category {
      sql += "INSERT INTO catalogue.product_category VALUES ('\(item.id)', '\(category(handle))');\n"
    }
    return sql
  }
}

/// A page of products as it comes.
struct ProductPage: Decodable {
  struct Element: Decodable {
    let id: String
    let handle: String
  }
  struct Links: Decodable {
    let next: String?
    let prev: String?
  }
  let data: [Element]
  let page: Links
  let count: Int?

  var handles: [String] { data.map(\.handle) }
}
