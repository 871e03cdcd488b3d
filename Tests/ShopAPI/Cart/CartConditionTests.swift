import TestSupport
import Testing

/// If-Match on carts: nobody has to send it, and whoever does is taken at their word.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartConditionTests {
  private static let routes = WriteCase.all.filter { $0.key.contains("/v1/carts/{id}") }

  @Test func `every answer that shows a cart carries the tag of its version`() async throws {
    try await CheckoutScene.with { scene in
      let made = try await scene.shop.post("/v1/carts", #"{"currency":"USD"}"#)
      #expect(made.fields["etag"] == "\"1\"")
      for (route, prepare) in Self.routes {
        let write = try await prepare(scene)
        let reply = try await write.send(to: scene.shop, write.body, key: "a-key")
        guard let version = reply["version"], reply["lines"] != nil, reply["cart_id"] == nil else { continue }
        #expect(reply.fields["etag"] == "\"\(version)\"", "\(route)")
      }
      let shopper = try await Shopper.enter(scene.shop)
      #expect(try await shopper.look().fields["etag"] == "\"1\"")
    }
  }

  @Test func `a write that is based on another version is refused and changes nothing`() async throws {
    try await CheckoutScene.with { scene in
      for (route, prepare) in Self.routes {
        let write = try await prepare(scene)
        let before = try scene.database.query(write.effect)
        for tag in ["\"77\"", "W/\"5\"", "\"x\""] {
          let stale = try await write.with(["If-Match": tag]).send(to: scene.shop, write.body, key: "a-key")
          #expect(stale.status == 412 && stale["code"] == "stale", "\(route): \(stale.text)")
        }
        let broken = try await write.with(["If-Match": "5"]).send(to: scene.shop, write.body, key: "a-key")
        #expect(broken.status == 400 && broken["code"] == "invalid_header", "\(route): \(broken.text)")
        #expect(try scene.database.query(write.effect) == before, "\(route)")
        // A cart that is ready to be ordered has its fifth version, with a discount code its sixth.
        let fresh = try await write.with(["If-Match": "\"4\", \"5\", \"6\""]).send(to: scene.shop, write.body, key: "a-key")
        #expect((200...204).contains(fresh.status), "\(route): \(fresh.text)")
      }
    }
  }

  @Test func `any version will do for a star`() async throws {
    try await CheckoutScene.with { scene in
      for (route, prepare) in Self.routes {
        let write = try await prepare(scene)
        let reply = try await write.with(["If-Match": "*"]).send(to: scene.shop, write.body, key: "a-key")
        #expect((200...204).contains(reply.status), "\(route): \(reply.text)")
      }
    }
  }
}
