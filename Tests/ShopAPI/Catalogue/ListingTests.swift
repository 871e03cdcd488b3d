import TestSupport
import Testing

/// Pages of products: order, size, form.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct ListingTests {
  /// What decides between two items, smaller first.
  private enum Order {
    case age, title, price(String)

    func isBefore(_ left: CatalogueScene.Item, _ right: CatalogueScene.Item) -> Bool {
      switch self {
      case .age: (left.minute, left.id) < (right.minute, right.id)
      // Byte by byte, which is how Swift compares neither strings nor characters.
      case .title: left.titleKey == right.titleKey ? left.id < right.id : left.titleKey.lexicographicallyPrecedes(right.titleKey)
      case .price(let currency): (left.least(currency), left.id) < (right.least(currency), right.id)
      }
    }
  }

  /// The handles of all that a sort lists, in its order.
  private static func expected(_ sort: String, currency: String = "USD") -> [String] {
    let order: Order =
      switch sort.drop(while: { $0 == "-" }) {
      case "created_at": .age
      case "title": .title
      default: .price(currency)
      }
    var items = CatalogueScene.active
    if case .price = order { items = items.filter { $0.prices[currency] != nil } }
    items.sort(by: order.isBefore)
    return (sort.hasPrefix("-") ? items.reversed() : items).map(\.handle)
  }

  /// All pages by `next`, and from the last one back by `prev`.
  private func walk(_ server: TestServer, _ target: String) async throws -> (there: [ProductPage], back: [ProductPage]) {
    func page(_ cursor: String?) async throws -> ProductPage {
      let reply = try await server.get(target + (cursor.map { "&after=\($0)" } ?? ""))
      #expect(reply.status == 200, "\(reply.text)")
      return try reply.decoded()
    }
    var there = [try await page(nil)]
    while let next = there.last?.page.next, there.count < 100 { there.append(try await page(next)) }
    var back: [ProductPage] = []
    var previous = there.last?.page.prev
    while let cursor = previous, back.count < 100 {
      let found = try await page(cursor)
      back.append(found)
      previous = found.page.prev
    }
    return (there, back)
  }

  private static let sorts = ["-created_at", "created_at", "title", "-title", "price", "-price"]

  @Test func `each sort shows every product once and in order, there and back`() async throws {
    try await CatalogueScene.with { server in
      for (sort, limit) in Self.sorts.flatMap({ sort in [1, 7, 40, 100].map { (sort, $0) } }) {
        let (there, back) = try await walk(server, "/v1/products?sort=\(sort)&limit=\(limit)")
        #expect(there.flatMap(\.handles) == Self.expected(sort), "\(sort), \(limit)")
        #expect(there.dropLast().allSatisfy { $0.data.count == limit })
        #expect(there.first?.page.prev == nil)
        #expect(there.last?.page.next == nil)
        // Page by page the same, from the last but one to the first.
        #expect(back.map(\.handles) == there.dropLast().reversed().map(\.handles))
        #expect(back.allSatisfy { $0.page.next != nil })
      }
    }
  }

  @Test func `a filter keeps the order, there and back`() async throws {
    try await CatalogueScene.with { server in
      let inStock = Set(CatalogueScene.active.filter { $0.isInStock && $0.color != "red" }.map(\.handle))
      for sort in Self.sorts {
        let target = "/v1/products?sort=\(sort)&filter[in_stock]=true&filter[attribute.color]=blue,green&limit=4"
        let (there, back) = try await walk(server, target)
        #expect(there.flatMap(\.handles) == Self.expected(sort).filter(inStock.contains), "\(sort)")
        #expect(back.map(\.handles) == there.dropLast().reversed().map(\.handles))
      }
    }
  }

  @Test func `a sort by price lists what has one in the currency, by it`() async throws {
    try await CatalogueScene.with { server in
      for sort in ["price", "-price"] {
        let (there, _) = try await walk(server, "/v1/products?sort=\(sort)&currency=EUR&limit=6")
        #expect(there.flatMap(\.handles) == Self.expected(sort, currency: "EUR"))
        #expect(try await server.get("/v1/products?sort=\(sort)&currency=JPY")["data"] == "0 elements")
        // The count is of what is listed.
        let counted = try await server.get("/v1/products?sort=\(sort)&currency=EUR&count=exact&limit=1")
        #expect(counted["count"] == "\(Self.expected(sort, currency: "EUR").count)")
      }
    }
  }

  @Test func `the newest come first, twenty-four of them, where nothing is said`() async throws {
    try await CatalogueScene.with { server in
      let page = try await server.get("/v1/products").decoded(ProductPage.self)
      #expect(page.handles == Array(Self.expected("-created_at").prefix(24)))
      #expect(page.count == nil)
    }
  }

  @Test func `a page shows products as the contract has them, without descriptions`() async throws {
    try await CatalogueScene.with { server in
      let reply = try await server.get("/v1/products?sort=created_at&limit=1")
      let item = try #require(CatalogueScene.active.first { $0.handle == reply["data", "0", "handle"] })
      #expect(reply["data", "0", "title"] == item.title)
      #expect(reply["data", "0", "attributes", "color"] == item.color)
      #expect(reply["data", "0", "options", "0", "name"] == "size")
      #expect(reply["data", "0", "variants", "0", "sku"] == "SKU-\(item.number)-L")
      #expect(reply["data", "0", "variants", "0", "options", "size"] == "L")
      #expect(reply["data", "0", "price_range", "min", "amount"] == "\(item.least("USD"))")
      #expect(reply["data", "0", "status"] == "active")
      #expect(!reply.text.contains(#""description""#))
      // Stock is a word, never a number.
      #expect(!reply.text.contains("on_hand"))
    }
  }

  @Test func `the Link field repeats the cursors beside the rest of the query`() async throws {
    try await CatalogueScene.with { server in
      let first = try await server.get("/v1/products?limit=5&filter%5Bin_stock%5D=true")
      let next = try #require(first["page", "next"])
      let target = "/v1/products?limit=5&filter%5Bin_stock%5D=true&after=\(next)"
      #expect(first.fields["link"] == "<\(target)>; rel=\"next\"")
      let second = try await server.get(target)
      #expect(second.status == 200)
      let previous = try #require(second["page", "prev"])
      #expect(second.fields["link"]?.hasSuffix("<\(target.replacing(next, with: previous))>; rel=\"prev\"") == true)
      let all = try await server.get("/v1/products?limit=100")
      #expect(all.fields["link"] == nil)
    }
  }

  private static let refused = [
    ("limit=0", "invalid_parameter"), ("limit=101", "invalid_parameter"), ("limit=-1", "invalid_parameter"),
    ("limit=1e1", "invalid_parameter"), ("limit=", "invalid_parameter"), ("limit=99999999999999999999", "invalid_parameter"),
    ("sort=newest", "invalid_parameter"), ("sort=", "invalid_parameter"), ("currency=usd", "invalid_parameter"),
    ("currency=XXX", "invalid_parameter"), ("currency=", "invalid_parameter"), ("count=yes", "invalid_parameter"),
    ("colour=red", "unknown_parameter"), ("Limit=5", "unknown_parameter"), ("filter[colour]=red", "unknown_parameter"),
    ("filter[attribute.color=red", "unknown_parameter"), ("limit=5&limit=5", "invalid_parameter"),
    ("filter[in_stock]=true&filter%5Bin_stock%5D=true", "invalid_parameter"), ("filter[in_stock]=yes", "invalid_parameter"),
    ("filter[price.gte]=1.5", "invalid_parameter"), ("filter[price.gte]=-1", "invalid_parameter"),
    ("filter[price.gte]=2&filter[price.lte]=1", "invalid_parameter"), ("filter[attribute.color]=", "invalid_parameter"),
    ("filter[attribute.color]=red,,blue", "invalid_parameter"), ("filter[attribute.]=red", "invalid_parameter"),
    ("category=nothing-like-it", "invalid_parameter"), ("category=No Handle".replacing(" ", with: "%20"), "invalid_parameter"),
    ("category=cat_01j0000000000000000000zzzz", "invalid_parameter"), ("after=", "invalid_cursor"),
    ("after=%00", "invalid_parameter"),
    ("after=no", "invalid_cursor"), ("filter[attribute.color]=%FF", "invalid_parameter"), ("limit=%zz", "malformed_request"),
  ]

  @Test func `a parameter that cannot be taken as it is refuses the request`() async throws {
    try await CatalogueScene.with { server in
      for (query, code) in Self.refused {
        let reply = try await server.get("/v1/products?\(query)")
        #expect(reply.status == 400, "\(query): \(reply.text)")
        #expect(reply["code"] == code, "\(query): \(reply.text)")
      }
    }
  }

  @Test(arguments: ["exact", "estimate"])
  func `a count is of all pages`(mode: String) async throws {
    try await CatalogueScene.with { server in
      for (query, count) in [
        ("", CatalogueScene.active.count), ("&category=kitchen", CatalogueScene.active.count { $0.shelves.contains("kitchen") }),
        ("&filter[attribute.color]=red", CatalogueScene.active.count { $0.color == "red" }), ("&filter[attribute.color]=pink", 0),
      ] {
        let reply = try await server.get("/v1/products?count=\(mode)&limit=2\(query)")
        #expect(reply["count"] == "\(count)", "\(query)")
      }
    }
  }
}

extension CatalogueScene.Item {
  fileprivate var titleKey: [UInt8] { Array(title.lowercased().utf8) }

  fileprivate func least(_ currency: String) -> Int { prices[currency]?.min() ?? .max }
}
