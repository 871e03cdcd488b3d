import Foundation
import Reactor
import TestSupport
import Testing

/// What a running server shows of what commands write beside it.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct CatalogueNoticeTests {
  private static let header = "external_id,sku,name,category,style,description,price,currency,stock,image,audience\n"
  private static func row(_ price: String) -> String {
    "abcdef10-x,SKU-0,Mug,kitchen,mugs,For tea.,\(price),USD,5,0.jpg,\n"
  }

  /// What Redis keeps is kept for 27 s at least: far longer than it takes to be told.
  private func isSeen(_ what: String, _ condition: () async throws -> Bool) async throws {
    let start = Instant.measured()
    try await until(what, condition)
    #expect(Instant.measured() - start < .seconds(10))
  }

  @Test func `a running server shows an imported price at once, though it kept the one before in Redis`() async throws {
    let redis = try CacheRedis()
    try await TestServer.with(settings: ["SHOP_REDIS_URL": redis.url]) { shop in
      let environment = ["SHOP_DATABASE_URL": shop.database.url, "SHOP_REDIS_URL": redis.url]
      func load(_ price: String) throws {
        let ended = try ShopRun(["import", "products", "-"], environment, input: Self.header + Self.row(price))
        #expect(ended.status == 0 && ended.complaints.isEmpty, "\(ended.complaints)")
      }
      func price() async throws -> String? {
        try await shop.get("/v1/products?limit=1")["data", "0", "variants", "0", "prices", "0", "amount"]
      }
      #expect(try await price() == nil)
      try load("9.99")
      try await isSeen("the product is shown") { try await price() == "999" }
      try load("8.49")
      try await isSeen("the new price is shown") { try await price() == "849" }
    }
  }

  @Test func `a running server shows a seeded catalogue at once`() async throws {
    let redis = try CacheRedis()
    try await TestServer.with(settings: ["SHOP_REDIS_URL": redis.url]) { shop in
      #expect(try await shop.get("/v1/products?limit=1")["data", "0", "id"] == nil)
      let ended = try ShopRun(
        ["seed", "--products", "3"], ["SHOP_DATABASE_URL": shop.database.url, "SHOP_REDIS_URL": redis.url])
      #expect(ended.status == 0 && ended.complaints.isEmpty, "\(ended.complaints)")
      try await isSeen("products are shown") { try await shop.get("/v1/products?limit=1")["data", "0", "id"] != nil }
    }
  }

  @Test func `an import whose Redis does not answer is done, and says that servers may be late`() throws {
    let database = try TestDatabase()
    let redis = try CacheRedis()
    redis.kill()
    let ended = try ShopRun(
      ["import", "products", "-"], ["SHOP_DATABASE_URL": database.url, "SHOP_REDIS_URL": redis.url],
      input: Self.header + Self.row("9.99"))
    #expect(ended.status == 0)
    #expect(ended.complaints.contains("Redis did not answer"))
    #expect(try database.query("SELECT count(*) FROM catalogue.product") == ["1"])
  }

  @Test func `an import with a faulty Redis URL writes nothing`() throws {
    let database = try TestDatabase()
    let ended = try ShopRun(
      ["import", "products", "-"], ["SHOP_DATABASE_URL": database.url, "SHOP_REDIS_URL": "foo"],
      input: Self.header + Self.row("9.99"))
    #expect(ended.status == 78)
    #expect(ended.complaints.contains("SHOP_REDIS_URL"))
    #expect(try database.query("SELECT count(*) FROM catalogue.product") == ["0"])
  }
}
