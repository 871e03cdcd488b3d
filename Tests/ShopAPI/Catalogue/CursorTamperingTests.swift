import TestSupport
import Testing

/// A cursor is taken where it was given, as it was given, and nowhere else.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CursorTamperingTests {
  private func cursor(_ server: TestServer, _ target: String) async throws -> String {
    let reply = try await server.get(target)
    return try #require(reply["page", "next"], "\(reply.text)")
  }

  private func isRefused(_ server: TestServer, _ target: String) async throws -> Bool {
    let reply = try await server.get(target)
    return reply.status == 400 && reply["code"] == "invalid_cursor"
  }

  @Test func `every character of a cursor counts`() async throws {
    try await CatalogueScene.with { server in
      let cursor = try await cursor(server, "/v1/products?sort=title&limit=2")
      let target = "/v1/products?sort=title&limit=2&after="
      #expect(try await server.get(target + cursor).status == 200)
      for index in cursor.indices {
        // The neighbour in the alphabet differs in the lowest bit, which is the one that decoders overlook at the end.
        for other in ["A", "B", "-", "9"] where !cursor[index...].hasPrefix(other) {
          let changed = cursor[..<index] + other + cursor[cursor.index(after: index)...]
          #expect(try await isRefused(server, target + changed), "\(changed)")
        }
        #expect(try await isRefused(server, target + cursor[..<index]), "cut at \(index)")
      }
      for changed in [
        cursor + "A", cursor + "=", cursor + "%20", "%20" + cursor, cursor + cursor, String(repeating: "A", count: 6_000),
      ] {
        #expect(try await isRefused(server, target + changed), "\(changed)")
      }
    }
  }

  @Test func `a cursor of another sort, filter, currency or route is refused`() async throws {
    try await CatalogueScene.with { server in
      let cursor = try await cursor(server, "/v1/products?sort=title&limit=2")
      for target in [
        "/v1/products?limit=2", "/v1/products?sort=-title&limit=2", "/v1/products?sort=price&limit=2",
        "/v1/products?sort=title&filter[in_stock]=true", "/v1/products?sort=title&currency=EUR",
        "/v1/products?sort=title&category=kitchen",
        "/v1/products?sort=title&filter[attribute.color]=red", "/v1/products?sort=title&filter[price.gte]=0",
        "/v1/products?sort=title&filter[price.lte]=9", "/v1/categories/kitchen/products?sort=title", "/v1/search?q=cup",
      ] {
        #expect(try await isRefused(server, "\(target)&after=\(cursor)"), "\(target)")
      }
      let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
      #expect(try await server.get("/v1/admin/stock-levels?after=\(cursor)", admin)["code"] == "invalid_cursor")
      #expect(try await server.get("/v1/admin/orders?after=\(cursor)", admin)["code"] == "invalid_cursor")
    }
  }

  @Test func `a cursor of one search, category or variant is not one of another`() async throws {
    try await CatalogueScene.with { server in
      let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
      let search = try await cursor(server, "/v1/search?q=cup&limit=1")
      #expect(try await isRefused(server, "/v1/search?q=rug&limit=1&after=\(search)"))
      let kitchen = try await cursor(server, "/v1/categories/kitchen/products?limit=1")
      #expect(try await isRefused(server, "/v1/categories/rugs/products?limit=1&after=\(kitchen)"))
      let levels = try #require(try await server.get("/v1/admin/stock-levels?limit=1", admin)["page", "next"])
      let variant = try #require(try await server.get("/v1/products/item-1")["variants", "0", "id"])
      let other = try await server.get("/v1/admin/stock-levels?limit=1&variant_id=\(variant)&after=\(levels)", admin)
      #expect(other["code"] == "invalid_cursor")
    }
  }

  @Test func `the order of a filter's parts and the size of the page do not matter`() async throws {
    try await CatalogueScene.with { server in
      let cursor = try await cursor(server, "/v1/products?filter[attribute.color]=red,blue&filter[in_stock]=true&limit=2")
      let page = try await server.get(
        "/v1/products?limit=9&filter[in_stock]=true&filter%5Battribute.color%5D=blue,red&after=\(cursor)")
      #expect(page.status == 200, "\(page.text)")
    }
  }

  @Test func `while secrets rotate, cursors of the older one are still taken`() async throws {
    let (old, new) = (String(repeating: "o", count: 40), String(repeating: "n", count: 40))
    try await CatalogueScene.with(settings: ["SHOP_SECRET_KEY": old]) { before in
      let target = "/v1/products?limit=2"
      let cursor = try await cursor(before, target)
      let second = try await before.get("\(target)&after=\(cursor)")
      let during = try await TestServer.start(database: before.database, settings: ["SHOP_SECRET_KEY": "\(new),\(old)"])
      let after = try await TestServer.start(database: before.database, settings: ["SHOP_SECRET_KEY": new])
      let taken = try await during.get("\(target)&after=\(cursor)")
      let fresh = try await self.cursor(during, target)
      let refused = try await isRefused(after, "\(target)&after=\(cursor)")
      let goesOn = try await after.get("\(target)&after=\(fresh)")
      let stranger = try await isRefused(before, "\(target)&after=\(fresh)")
      await during.stop()
      await after.stop()
      #expect(taken.status == 200)
      #expect(try taken.decoded(ProductPage.self).handles == second.decoded(ProductPage.self).handles)
      #expect(refused)
      #expect(goesOn.status == 200)
      #expect(stranger)
    }
  }
}
