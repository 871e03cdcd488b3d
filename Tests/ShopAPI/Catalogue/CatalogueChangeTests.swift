import TestSupport
import Testing

@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CatalogueChangeTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  @Test func `a shopper sees an admin's change at once, whatever was kept`() async throws {
    try await TestServer.with { server in
      let made = try await server.post(
        "/v1/admin/products",
        #"{"title":"Mug","status":"active","variants":[{"sku":"MUG","prices":[{"amount":1299,"currency":"USD"}],"stock":5}]}"#,
        Self.admin)
      let id = try #require(made["id"])
      #expect(try await server.get("/v1/products/\(id)")["title"] == "Mug")
      let version = try #require(made.fields["etag"])
      let changed = try await server.patch(
        "/v1/admin/products/\(id)", #"{"title":"Cup"}"#, Self.admin.merging(["If-Match": version]) { $1 })
      #expect(changed.status == 200, "\(changed.text)")
      #expect(try await server.get("/v1/products/\(id)")["title"] == "Cup")
    }
  }
}
