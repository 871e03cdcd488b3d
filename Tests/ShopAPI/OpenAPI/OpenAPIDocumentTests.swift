import Foundation
import ShopService
import TestSupport
import Testing

@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct OpenAPIDocumentTests {
  @Test func `every route is in the document, and nothing else`() async throws {
    try await TestServer.with { server in
      let body = try await server.get("/openapi.json").body
      let document = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      let documented = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
      let routes = try RouteList.lines(.all).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
      #expect(documented.sorted() == routes.sorted())
    }
  }

  @Test func `a client that has the document is told that it still holds`() async throws {
    try await TestServer.with { server in
      let first = try await server.get("/openapi.json")
      let tag = try #require(first.fields["etag"])
      #expect(first.fields["cache-control"] == "public, max-age=300")
      let again = try await server.get("/openapi.json", ["If-None-Match": tag])
      #expect(again.status == 304)
      #expect(again.body.isEmpty)
      #expect(again.fields["etag"] == tag)
    }
  }

  @Test func `a route without parameters refuses a query`() async throws {
    try await TestServer.with { server in
      let refused = try await server.get("/v1/categories?depth=2")
      #expect(refused.status == 400)
      #expect(refused["code"] == "unknown_parameter")
    }
  }
}
