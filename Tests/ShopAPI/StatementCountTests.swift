import Reactor
import TestSupport
import Testing

/// How much each request asks of PostgreSQL, BEGIN and COMMIT not counted: the same however many lines a cart has.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct StatementCountTests {
  /// Nothing but the counted request may reach the database.
  private static let settings = ["SHOP_WORKER": "off", "SHOP_CATALOGUE_CACHE": "off"]

  private struct Cost: Equatable {
    var statements = 0
    var trips = 0

    static func - (left: Cost, right: Cost) -> Cost {
      Cost(statements: left.statements - right.statements, trips: left.trips - right.trips)
    }
  }

  /// Tells what single requests cost.
  private final class Meter {
    private let shop: TestServer
    /// When a scrape was last seen to read the backlog, which it does once in five seconds: those statements are nobody's.
    private var backlogReadAt: Instant?

    init(_ shop: TestServer) { self.shop = shop }

    /// All that the shop has asked of its database, as its metrics say.
    private func total() async throws -> Cost {
      let text = try await shop.get("/metrics").text
      func sum(_ name: String) -> Int {
        text.split(separator: "\n").filter { $0.hasPrefix(name + "{") }
          .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.map { Int($0) }.reduce(0, +)
      }
      return Cost(statements: sum("shop_database_statements_total"), trips: sum("shop_database_trips_total"))
    }

    /// The total at a moment when no scrape will read the backlog for some time.
    private func undisturbed() async throws -> Cost {
      var total = try await total()
      if let backlogReadAt, Instant.measured() - backlogReadAt < .seconds(3) { return total }
      try await until("a scrape has read the backlog") {
        let next = try await self.total()
        defer { total = next }
        return next != total
      }
      backlogReadAt = .measured()
      return total
    }

    /// What a request costs that succeeds with `status`.
    func cost(_ status: Int = 200, _ request: () async throws -> TestServer.Reply) async throws -> Cost {
      let before = try await undisturbed()
      let reply = try await request()
      #expect(reply.status == status, "\(reply.text)")
      return try await total() - before
    }
  }

  @Test func `reads of the catalogue take a statement or two`() async throws {
    try await CatalogueScene.with(settings: Self.settings) { shop in
      let meter = Meter(shop)
      let id = try #require(try await shop.get("/v1/products/item-1")["id"])
      for (target, most) in [
        ("/v1/products/\(id)", 1), ("/v1/products/item-1", 1), ("/v1/products?limit=100", 1),
        ("/v1/products?category=kitchen", 2),
        ("/v1/products?sort=price&currency=EUR", 1), ("/v1/categories/kitchen/products?sort=title", 2),
        ("/v1/products?category=kitchen&filter[attribute.color]=red,blue&filter[price.gte]=1&filter[in_stock]=true", 2),
        ("/v1/products?category=kitchen&filter[in_stock]=true&count=exact", 3), ("/v1/products/facets", 1),
        ("/v1/products/facets?category=kitchen&filter[in_stock]=true", 2), ("/v1/search?q=cup&limit=100", 1),
        ("/v1/categories", 1),
      ] {
        for _ in 0..<2 {
          let cost = try await meter.cost { try await shop.get(target) }
          #expect(cost.statements > 0)
          #expect(cost.statements <= most, "\(target): \(cost)")
          #expect(cost.trips <= most, "\(target): \(cost)")
        }
      }
      // A page further down costs no more.
      var page = try await shop.get("/v1/products?category=kitchen&limit=3&count=exact")
      while let next = page["page", "next"] {
        let target = "/v1/products?category=kitchen&limit=3&count=exact&after=\(next)"
        #expect(try await meter.cost { try await shop.get(target) }.statements <= 3)
        page = try await shop.get(target)
      }
    }
  }

  @Test func `a cart and its checkout cost the same with one line and with fifty`() async throws {
    try await CheckoutScene.with(settings: Self.settings) { scene in
      let shop = scene.shop
      let meter = Meter(shop)
      let goods = (0..<51).map { Merchant.Goods("S\($0)", ["USD": 100 + $0], weight: 100) }
      let variants = try await scene.merchant.sell(goods).variants

      func costs(lines: Int, codes: [String] = []) async throws -> [String: Cost] {
        let shopper = try await Shopper.enter(shop)
        for variant in variants.prefix(lines - 1) { try await shopper.add(variant) }
        var costs: [String: Cost] = [:]
        costs["add"] = try await meter.cost { try await shopper.add(variants[lines - 1]) }
        costs["add again"] = try await meter.cost { try await shopper.add(variants[0], 2) }
        let line = try #require(try await shopper.look()["lines", "0", "id"])
        for code in codes {
          costs["give"] = try await meter.cost { try await shopper.give(code) }
          costs["take back"] = try await meter.cost { try await shopper.takeBack(code) }
          try await shopper.give(code)
        }
        costs["change"] = try await meter.cost { try await shopper.change(line, to: 1) }
        try await shopper.fillIn()
        costs["read"] = try await meter.cost { try await shopper.look() }
        costs["quote"] = try await meter.cost { try await shopper.quote() }
        costs["shipping"] = try await meter.cost { try await shopper.shippingOptions() }
        let total = try await shopper.look()["totals", "total"]
        let key = "one-order-of-\(lines)-lines-and-\(codes.count)-codes-and-its-retry"
        costs["complete"] = try await meter.cost(201) { try await shopper.complete(total: total, key: key) }
        costs["retry"] = try await meter.cost(201) { try await shopper.complete(total: total, key: key) }
        return costs
      }

      /// Whether the difference is not the lines': once in ten seconds a request reads the rates, too.
      func isNothing(_ difference: Cost) -> Bool { abs(difference.statements) <= 1 && abs(difference.trips) <= 1 }

      let (one, fifty) = (try await costs(lines: 1), try await costs(lines: 50))
      for (name, cost) in fifty { #expect(isNothing(cost - (try #require(one[name]))), "\(name)") }
      let bounds = ["add": 4, "add again": 4, "change": 4, "read": 3, "quote": 6, "shipping": 4, "complete": 20, "retry": 20]
      func expectBounds(_ costs: [String: Cost], _ bounds: [String: Int]) throws {
        for (name, most) in bounds {
          let cost = try #require(costs[name])
          #expect(cost.statements > 0)
          #expect(cost.statements <= most, "\(name): \(cost)")
          #expect(cost.trips <= 6, "\(name): \(cost)")
        }
      }
      try expectBounds(fifty, bounds)

      // Discount codes are read with what is read anyway; using them up is one statement, however many they are.
      let codes = (0..<5).map { "CODE\($0)" }
      for code in codes {
        try await scene.merchant.discount(code, #""kind":"percentage","basis_points":100,"combinable":true"#)
      }
      let discounted = try await costs(lines: 50, codes: codes)
      try expectBounds(discounted, bounds.merging(["give": 8, "take back": 4]) { $1 })
      for (name, cost) in fifty {
        let more = try #require(discounted[name]) - cost
        #expect(isNothing(more - Cost(statements: name == "complete" ? 1 : 0, trips: 0)), "\(name): \(more)")
      }
    }
  }
}
