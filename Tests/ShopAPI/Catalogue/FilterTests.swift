import TestSupport
import Testing

/// Which products a filter lets pass, and what the facets say of them.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct FilterTests {
  private typealias Item = CatalogueScene.Item

  /// A query, and what it should let pass.
  private struct Case: Sendable {
    let query: String
    let passes: @Sendable (Item) -> Bool

    var currency: String { query.firstRange(of: "currency=").map { String(query[$0.upperBound...].prefix(3)) } ?? "USD" }

    init(_ query: String, _ passes: @escaping @Sendable (Item) -> Bool) {
      self.query = query
      self.passes = passes
    }
  }

  /// From the lowest to the highest price meets the range, its ends included.
  private static func costs(_ item: Item, _ range: ClosedRange<Int>, _ currency: String = "USD") -> Bool {
    guard let prices = item.prices[currency], let least = prices.min(), let most = prices.max() else { return false }
    return range.overlaps(least...most)
  }

  private static let cases: [Case] = [
    Case("category=kitchen") { $0.shelves.contains("kitchen") },
    Case("category=cups") { $0.shelves.contains("cups") },
    Case("category=mugs") { $0.category == "mugs" },
    Case("category=empty") { _ in false },
    Case("filter[attribute.color]=red") { $0.color == "red" },
    Case("filter[attribute.color]=red,green") { $0.color != "blue" },
    Case("filter%5Battribute.color%5D=red%2Cgreen") { $0.color != "blue" },
    Case("filter%5battribute.color%5d=green,red") { $0.color != "blue" },
    Case("filter[attribute.color]=red,red") { $0.color == "red" },
    Case("filter[attribute.color]=RED") { _ in false },
    Case("filter[attribute.color]=re") { _ in false },
    Case("filter[attribute.colo]=red") { _ in false },
    Case("filter[attribute.material]=glass") { $0.materials.contains("glass") },
    Case("filter[attribute.material]=clay&filter[attribute.color]=red,blue") {
      $0.materials.contains("clay") && $0.color != "green"
    },
    Case("filter[attribute.color]=%27%20%7C%20%27%5C%27%3A*&filter[attribute.material]=clay") { _ in false },
    Case("filter[in_stock]=true") { $0.isInStock },
    Case("filter[in_stock]=false") { _ in true },
    Case("filter[price.gte]=900") { costs($0, 900...Int.max) },
    Case("filter[price.gte]=901") { costs($0, 901...Int.max) },
    Case("filter[price.lte]=500") { costs($0, 0...500) },
    Case("filter[price.lte]=499") { _ in false },
    Case("filter[price.gte]=650&filter[price.lte]=650") { costs($0, 650...650) },
    Case("filter[price.gte]=1300&filter[price.lte]=1400&currency=EUR") { costs($0, 1_300...1_400, "EUR") },
    Case("filter[price.gte]=0&currency=JPY") { _ in false },
    Case("currency=EUR") { _ in true },
    Case("category=kitchen&filter[attribute.color]=blue&filter[price.gte]=600&filter[price.lte]=800&filter[in_stock]=true") {
      $0.shelves.contains("kitchen") && $0.color == "blue" && costs($0, 600...800) && $0.isInStock
    },
  ]

  @Test func `each filter lets pass what it should, counts it and nothing else`() async throws {
    try await CatalogueScene.with { server in
      for example in Self.cases {
        let wanted = Set(CatalogueScene.active.filter(example.passes).map(\.handle))
        for sort in ["created_at", "-title"] {
          let page = try await server.get("/v1/products?limit=100&count=exact&sort=\(sort)&\(example.query)").decoded(
            ProductPage.self)
          #expect(Set(page.handles) == wanted, "\(example.query)")
          #expect(page.handles.count == wanted.count, "\(example.query)")
          #expect(page.count == wanted.count, "\(example.query)")
        }
        let priced = try await server.get("/v1/products?limit=100&sort=price&\(example.query)").decoded(ProductPage.self)
        #expect(
          Set(priced.handles)
            == Set(CatalogueScene.active.filter { example.passes($0) && $0.prices[example.currency] != nil }.map(\.handle)),
          "\(example.query)")
      }
    }
  }

  @Test func `a category is found by handle and id, in the query and in the path`() async throws {
    try await CatalogueScene.with { server in
      let tree = try await server.get("/v1/categories")
      let id = try #require(tree["data", "0", "id"])
      let handles = try await server.get("/v1/products?limit=100&category=kitchen").decoded(ProductPage.self).handles
      #expect(handles.count == CatalogueScene.active.count { $0.shelves.contains("kitchen") })
      for target in [
        "/v1/products?limit=100&category=\(id)", "/v1/categories/kitchen/products?limit=100",
        "/v1/categories/\(id)/products?limit=100",
      ] {
        #expect(try await server.get(target).decoded(ProductPage.self).handles == handles)
      }
      #expect(try await server.get("/v1/categories/kitchen/products?category=rugs")["code"] == "unknown_parameter")
    }
  }

  @Test func `a category that is not there is not found`() async throws {
    try await CatalogueScene.with { server in
      let missing = try await server.get("/v1/categories/missing/products")
      for reference in [
        "nothing-like-it", "cat_01j0000000000000000000zzzz", "Kitchen", "cat_", "prod_01j0000000000000000000zzzz", "%F0%9F%8D%AE",
      ] {
        let reply = try await server.get("/v1/categories/\(reference)/products")
        #expect(reply.status == 404, "\(reference)")
        #expect(reply.textWithoutRequest == missing.textWithoutRequest, "\(reference)")
      }
    }
  }

  @Test func `a filter of the greatest size that is allowed is answered`() async throws {
    try await CatalogueScene.with { server in
      // 10 attributes of 50 values each; values as long as a product's may be, and longer.
      let many = (0..<10).map { name in "filter[attribute.a\(name)]=" + (0..<50).map { "v\($0)" }.joined(separator: ",") }
      #expect(try await server.get("/v1/products?" + many.joined(separator: "&"))["data"] == "0 elements")
      let more = many + ["filter[attribute.a10]=v"]
      #expect(try await server.get("/v1/products?" + more.joined(separator: "&"))["code"] == "invalid_parameter")
      for (character, count, status) in [
        ("x", 255, 200), ("%F0%9F%8D%AE", 255, 200), ("x", 256, 400), ("%F0%9F%8D%AE", 600, 400),
      ] {
        let long = try await server.get("/v1/products?filter[attribute.color]=\(String(repeating: character, count: count))")
        #expect(long.status == status, "\(count): \(long.text)")
      }
    }
  }

  // MARK: Facets

  private struct Facets: Decodable, Equatable {
    struct Attribute: Decodable, Equatable {
      struct Value: Decodable, Equatable {
        let value: String
        let count: Int
      }
      let name: String
      let values: [Value]
    }
    struct Category: Decodable, Equatable {
      let handle: String
      let title: String
      let count: Int
    }
    struct Price: Decodable, Equatable {
      struct Money: Decodable, Equatable {
        let amount: Int
        let currency: String
      }
      let min: Money
      let max: Money
    }
    let count: Int
    let attributes: [Attribute]
    let categories: [Category]
    let in_stock: Int
    let price: Price?

    /// Counted one by one.
    init(_ items: [Item], currency: String) {
      func attribute(_ name: String, _ values: (Item) -> [String]) -> Attribute? {
        let counts = Dictionary(items.flatMap(values).map { ($0, 1) }, uniquingKeysWith: +)
        let sorted = counts.map(Attribute.Value.init(value:count:)).sorted { ($1.count, $0.value) < ($0.count, $1.value) }
        return sorted.isEmpty ? nil : Attribute(name: name, values: sorted)
      }
      count = items.count
      attributes = [attribute("color") { [$0.color] }, attribute("material") { $0.materials }].compactMap(\.self)
      categories = Dictionary(items.flatMap(\.shelves).map { ($0, 1) }, uniquingKeysWith: +)
        .map { Category(handle: $0, title: $0.prefix(1).uppercased() + $0.dropFirst(), count: $1) }
        .sorted { ($1.count, $0.title) < ($0.count, $1.title) }
      in_stock = items.count(where: \.isInStock)
      let least = items.compactMap { $0.prices[currency]?.min() }.min()
      let most = items.compactMap { $0.prices[currency]?.max() }.max()
      if let least, let most {
        price = Price(min: .init(amount: least, currency: currency), max: .init(amount: most, currency: currency))
      } else {
        price = nil
      }
    }
  }

  @Test func `facets count what each filter lets pass`() async throws {
    try await CatalogueScene.with { server in
      let all = try await server.get("/v1/products/facets").decoded(Facets.self)
      #expect(all == Facets(CatalogueScene.active, currency: "USD"))
      for example in Self.cases {
        let wanted = Facets(CatalogueScene.active.filter(example.passes), currency: example.currency)
        #expect(try await server.get("/v1/products/facets?\(example.query)").decoded() == wanted, "\(example.query)")
      }
    }
  }

  @Test func `facets refuse what is not of a filter`() async throws {
    try await CatalogueScene.with { server in
      for query in ["sort=title", "limit=5", "after=x", "filter[price.gte]=x", "category=missing"] {
        let reply = try await server.get("/v1/products/facets?\(query)")
        #expect(reply.status == 400, "\(query)")
      }
    }
  }
}
