import ShopService
import TestSupport
import Testing

/// Who may use the admin's routes: every one of them, as the route map has it.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct AdminAccessTests {
  /// Method and path of each admin route, with ids that name nothing.
  private static func routes() throws -> [(method: String, path: String)] {
    let routes = try RouteList.lines(.all).map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
    return routes.filter { $0.last == "admin" }.map {
      ($0[0], $0[1].replacing(/\{[a-z_]+\}/, with: "prod_01j0000000000000000000zzzz"))
    }
  }

  @Test func `no admin route answers without the key`() async throws {
    let routes = try Self.routes()
    #expect(routes.count >= 12)
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { server in
      let cart = try await Shopper.enter(server)
      for (method, path) in routes {
        let body = method == "GET" ? nil : "{}"
        for (fields, status) in [
          ([:], 401), (["Authorization": "Bearer sk_test_0123456789abcdef0123456789abcdeX"], 401),
          (["Authorization": "Bearer \(TestServer.adminKey.dropLast())"], 401),
          (["Authorization": "Basic \(TestServer.adminKey)"], 401),
          (["Authorization": TestServer.adminKey], 401), (["Authorization": "Bearer"], 401), (["Authorization": "Bearer "], 401),
          (cart.fields, 403), (["Authorization": "Bearer \(cart.token)"], 403),
        ] as [([String: String], Int)] {
          let reply = try await server.send(method, path, body, fields)
          #expect(reply.status == status, "\(method) \(path) \(fields): \(reply.text)")
          #expect((reply.fields["www-authenticate"] != nil) == (status == 401))
          #expect(!reply.text.contains(TestServer.adminKey))
        }
      }
    }
  }

  @Test func `without a key set the admin's routes are closed, whatever is sent`() async throws {
    let routes = try Self.routes()
    try await TestServer.with(settings: ["SHOP_WORKER": "off", "SHOP_ADMIN_KEY": ""]) { server in
      for (method, path) in routes {
        for fields in [[:], ["Authorization": "Bearer \(TestServer.adminKey)"], ["Authorization": "Bearer "]] {
          let reply = try await server.send(method, path, method == "GET" ? nil : "{}", fields)
          #expect(
            reply.status == 403 || reply.status == 401 && fields["Authorization"] == "Bearer ", "\(method) \(path): \(reply.text)"
          )
        }
      }
    }
  }
}
