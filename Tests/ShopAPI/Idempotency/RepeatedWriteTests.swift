import Foundation
import ShopService
import TestSupport
import Testing

/// Every write through real HTTP: what is sent again is done once.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct RepeatedWriteTests {
  private func key() -> String { UUID().uuidString }

  private func count(_ scene: CheckoutScene, _ sql: String) throws -> Int {
    let found = try scene.database.query("SELECT coalesce((\(sql)), 0)").first
    return try #require(found.flatMap { Int($0) })
  }

  @Test func `every write that the shop takes is among the cases`() throws {
    let writes = try RouteList.lines(.all).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
      .filter { !$0.hasPrefix("GET ") }
    #expect(Set(WriteCase.all.keys) == Set(writes))
  }

  @Test func `a write that is sent again is answered byte for byte, and done once`() async throws {
    try await CheckoutScene.with { scene in
      for (route, prepare) in WriteCase.all {
        let write = try await prepare(scene)
        let before = try count(scene, write.effect)
        let key = key()
        let first = try await write.send(to: scene.shop, write.body, key: key)
        #expect((200...204).contains(first.status), "\(route): \(first.text)")
        #expect(first.fields["idempotency-replayed"] == nil)
        let again = try await write.send(to: scene.shop, write.body, key: "\"\(key)\"")
        #expect(again.fields["idempotency-replayed"] == "true", "\(route)")
        #expect(again.status == first.status && again.body == first.body, "\(route): \(first.text) \(again.text)")
        for name in ["location", "etag", "content-type", "cache-control"] {
          #expect(again.fields[name] == first.fields[name], "\(name) of \(route)")
        }
        #expect(try count(scene, write.effect) == before + 1, "\(route)")
        let other = try await write.send(to: scene.shop, write.other, key: key)
        #expect(other.status == 422 && other["code"] == "idempotency_mismatch", "\(route): \(other.text)")
      }
    }
  }

  @Test func `a write that is sent thirty-two times at once is done once`() async throws {
    // As many connections as requests, and time to make them: none is turned away for want of one.
    let settings = ["SHOP_DATABASE_WORK_CONNECTIONS": "16", "SHOP_DATABASE_POOL_WAIT_MS": "5000"]
    try await CheckoutScene.with(shops: 2, settings: settings) { scene in
      for (route, prepare) in WriteCase.all {
        let write = try await prepare(scene)
        let before = try count(scene, write.effect)
        let key = key()
        let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
          for index in 0..<32 { group.addTask { try await write.send(to: scene.shops[index % 2], write.body, key: key) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let done = replies.filter { (200...204).contains($0.status) }
        #expect(!done.isEmpty, "\(route): \(Set(replies.map(\.text)))")
        #expect(Set(done.map(\.body)).count == 1 && Set(done.map(\.status)).count == 1, "\(route)")
        #expect(done.count { $0.fields["idempotency-replayed"] == nil } == 1, "\(route)")
        let refused = replies.filter { !(200...204).contains($0.status) }
        #expect(
          refused.allSatisfy { $0["code"] == "idempotency_in_progress" && $0.fields["retry-after"] != nil },
          "\(route): \(Set(refused.map(\.text)))")
        #expect(try count(scene, write.effect) == before + 1, "\(route)")
      }
    }
  }

  @Test func `one key for two requests on a cart is no deadlock: the second is refused`() async throws {
    try await CheckoutScene.with { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let total = try #require(try await shopper.look()["totals", "total"])
      let key = key()
      func waiting(_ count: Int) async throws {
        try await until("\(count) wait for the cart") {
          try scene.database.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            == ["\(count)"]
        }
      }
      let lock = try await HeldLock(scene.database, "SELECT FROM sales.cart FOR UPDATE")
      async let order = shopper.complete(total: total, key: key)
      try await waiting(1)
      async let hold = scene.shop.post(
        shopper.cart + "/holds", "{}", shopper.fields.merging(["Idempotency-Key": key]) { $1 })
      try await waiting(2)
      lock.release()
      #expect(try await order.status == 201)
      #expect(try await hold["code"] == "idempotency_mismatch")
      #expect(try await scene.shop.scrape().sum("shop_database_retries_total") == 0)
    }
  }

  @Test func `a key of one write is no key of another`() async throws {
    try await CheckoutScene.with { scene in
      let key = key()
      let body = #"{"title":"Cups"}"#
      let fields = scene.merchant.fields.merging(["Idempotency-Key": key]) { $1 }
      #expect(try await scene.shop.post("/v1/admin/categories", body, fields).status == 201)
      let other = try await scene.shop.post("/v1/admin/products", #"{"title":"Cup","variants":[{"sku":"CUP"}]}"#, fields)
      #expect(other.status == 422 && other["code"] == "idempotency_mismatch", "\(other.text)")
      // Another principal's key is another key.
      let shopper = try await Shopper.enter(scene.shop)
      let email = try await scene.shop.put(
        shopper.cart + "/email", #"{"email":"ann@example.com"}"#, shopper.fields.merging(["Idempotency-Key": key]) { $1 })
      #expect(email.status == 200, "\(email.text)")
    }
  }

  @Test func `a write that is refused leaves nothing behind and is worked out anew`() async throws {
    try await CheckoutScene.with { scene in
      let shop = scene.shop
      let admin = scene.merchant.fields
      let sold = try await scene.merchant.sell([Merchant.Goods("MUG", ["USD": 1_299])])
      let path = "/v1/admin/products/\(sold.product)"
      let keyed = admin.merging(["Idempotency-Key": key()]) { $1 }
      let stale = try await shop.patch(path, #"{"title":"Cup"}"#, keyed.merging(["If-Match": "\"9\""]) { $1 })
      #expect(stale.status == 412)
      #expect(try await shop.patch(path, #"{"title":"Cup"}"#, keyed).status == 428)
      #expect(try await shop.patch(path, #"{"title":""}"#, keyed.merging(["If-Match": "\"1\""]) { $1 }).status == 422)
      #expect(try await shop.post("/v1/admin/products/prod_x/archive", "", keyed).status == 404)
      #expect(try scene.database.query("SELECT count(*) FROM sales.idempotency_key") == ["0"])
      let fresh = try await shop.patch(path, #"{"title":"Cup"}"#, keyed.merging(["If-Match": "\"1\""]) { $1 })
      #expect(fresh.status == 200 && fresh.fields["idempotency-replayed"] == nil, "\(fresh.text)")
      // What was done stays done, whatever the version is by now.
      let again = try await shop.patch(path, #"{"title":"Cup"}"#, keyed.merging(["If-Match": "\"1\""]) { $1 })
      #expect(again.status == 200 && again.body == fresh.body)
    }
  }

  @Test func `a key that ran out names a new request`() async throws {
    try await CheckoutScene.with { scene in
      let fields = scene.merchant.fields.merging(["Idempotency-Key": key()]) { $1 }
      #expect(try await scene.shop.post("/v1/admin/categories", #"{"title":"Cups"}"#, fields).status == 201)
      try scene.database.execute("UPDATE sales.idempotency_key SET expires_at = now() - interval '1 second'")
      let other = try await scene.shop.post("/v1/admin/categories", #"{"title":"Mugs"}"#, fields)
      #expect(other.status == 201 && other.fields["idempotency-replayed"] == nil, "\(other.text)")
    }
  }

  @Test func `what moves money, stock or orders needs a key`() async throws {
    try await CheckoutScene.with { scene in
      for route in [
        "POST /v1/carts/{id}/complete", "POST /v1/orders/{id}/cancellations", "POST /v1/admin/stock-adjustments",
      ] {
        let prepare = try #require(WriteCase.all[route])
        let write = try await prepare(scene)
        let refused = try await write.send(to: scene.shop, write.body, key: nil)
        #expect(refused.status == 400 && refused["code"] == "missing_idempotency_key", "\(route): \(refused.text)")
      }
    }
  }
}
