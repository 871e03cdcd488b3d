import TestSupport
import Testing

/// Orders after they were placed: what they keep, who reads them, how they are cancelled and listed.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct OrderTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  private func keyed(_ fields: [String: String], _ key: String) -> [String: String] {
    fields.merging(["Idempotency-Key": key]) { $1 }
  }

  @Test func `an order keeps what was bought and for how much, whatever becomes of the product`() async throws {
    try await CheckoutScene.with { scene in
      let (product, variants) = try await scene.merchant.sell([.init("MUG", ["USD": 1_299])], title: "Blue Mug")
      let shopper = try await scene.readyShopper(variants[0], 2)
      let placed = try await shopper.complete()
      #expect(placed.status == 201, "\(placed.text)")
      let path = "/v1/orders/\(try #require(placed["id"]))"
      #expect(placed.fields["location"] == path)
      #expect(try await scene.merchant.change(product, #"{"title":"Red Mug","handle":"red-mug"}"#).status == 200)
      #expect(try await scene.merchant.price(variants[0], of: product, at: 9_900).status == 200)
      #expect(try await scene.shop.post("/v1/admin/products/\(product)/archive", "{}", Self.admin).status == 200)
      let read = try await scene.shop.get(path, shopper.fields)
      #expect(read.body == placed.body, "\(read.text)\n\(placed.text)")
      #expect(read["lines", "0", "title"]?.hasPrefix("Blue Mug") == true, "\(read.text)")
      #expect(read["lines", "0", "unit_price", "amount"] == "1299")
      #expect(read["lines", "0", "quantity"] == "2")
      #expect(read["totals", "total"] == "3098")
      #expect(read["email"] == "ann@example.com")
      #expect(read["shipping_address", "line1"] == "1 Main St")
      #expect(read["billing_address", "line1"] == "1 Main St")
      #expect(read["shipping_method", "title"] == "Standard")
      #expect(read["fulfilment_status"] == "unfulfilled")
      #expect(read["payment_status"] == "authorized")
      #expect(read["payments", "0", "authorized"] == "3098")
      #expect((read["number"].flatMap { Int($0) } ?? 0) >= 1_001)
    }
  }

  @Test func `an order and its payment are for the cart's token and for admins alone`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 2)
      let shopper = try await scene.readyShopper(mug)
      let stranger = try await scene.readyShopper(mug)
      let order = try await shopper.complete()
      let id = try #require(order["id"])
      for path in ["/v1/orders/\(id)", "/v1/payments/\(try #require(order["payments", "0", "id"]))"] {
        #expect(try await scene.shop.get(path, shopper.fields).status == 200)
        #expect(try await scene.shop.get(path, ["Authorization": "Bearer \(shopper.token)"]).status == 200)
        #expect(try await scene.shop.get(path, Self.admin).status == 200)
        #expect(try await scene.shop.get(path).status == 401)
        #expect(try await scene.shop.get(path, stranger.fields).status == 404)
        #expect(try await scene.shop.get(path, ["Authorization": "Bearer sk_\(String(repeating: "0", count: 40))"]).status == 401)
      }
      #expect(try await scene.shop.get("/v1/admin/orders/\(id)", Self.admin)["id"] == id)
      #expect(try await scene.shop.get("/v1/admin/orders/\(id)", shopper.fields).status == 403)
      #expect(try await scene.shop.get("/v1/admin/orders", shopper.fields).status == 403)
      #expect(try await scene.shop.get("/v1/admin/orders").status == 401)
      let stolen = try await scene.shop.post(
        "/v1/orders/\(id)/cancellations", "{}", keyed(stranger.fields, "a-stranger-cancels-the-order"))
      #expect(stolen.status == 404)
      #expect(try await scene.shop.get("/v1/orders/\(id)", shopper.fields)["status"] == "confirmed")
    }
  }

  @Test(arguments: ["shopper", "admin"])
  func `a cancelled order gives its stock and its money back`(who: String) async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 3)
      let shopper = try await scene.readyShopper(mug, 3)
      let order = try await shopper.complete()
      let path = "/v1/orders/\(try #require(order["id"]))"
      #expect(try scene.database.query("SELECT on_hand, reserved FROM sales.stock_level") == ["3|3"])
      let fields = who == "admin" ? Self.admin : shopper.fields
      let unkeyed = try await scene.shop.post(path + "/cancellations", "{}", fields)
      #expect(unkeyed.status == 400)
      let cancelled = try await scene.shop.post(
        path + "/cancellations", #"{"reason":"changed my mind"}"#, keyed(fields, "cancelling-this-order-once"))
      #expect(cancelled.status == 201, "\(cancelled.text)")
      #expect(cancelled["status"] == "cancelled")
      #expect(cancelled["payment_status"] == "voided")
      #expect(cancelled["lines", "0", "cancelled"] == "3")
      #expect(cancelled["version"] == "2")
      #expect(try scene.database.query("SELECT on_hand, reserved FROM sales.stock_level") == ["3|0"])
      #expect(try scene.database.query("SELECT state, authorized = voided FROM sales.payment") == ["voided|t"])
      #expect(
        try scene.database.query("SELECT to_status, actor, reason FROM sales.order_event ORDER BY version")
          == ["confirmed|system|", "cancelled|\(who)|changed my mind"])
      #expect(
        try scene.database.query("SELECT type FROM sales.outbox ORDER BY sequence") == ["order.confirmed", "order.cancelled"])
      let operation = try WireID.text(
        "op_", try scene.database.query("SELECT id FROM sales.payment_operation WHERE kind = 'authorize'")[0])
      #expect(try await scene.provider.get("/authorizations/\(operation)")["status"] == "voided")
      // Once only, told again to who asks again.
      let replayed = try await scene.shop.post(
        path + "/cancellations", #"{"reason":"changed my mind"}"#, keyed(fields, "cancelling-this-order-once"))
      #expect(replayed.status == 201)
      #expect(replayed.body == cancelled.body)
      #expect(replayed.fields["idempotency-replayed"] == "true")
      let again = try await scene.shop.post(path + "/cancellations", "{}", keyed(fields, "cancelling-this-order-twice"))
      #expect(again.status == 409, "\(again.text)")
      // The next shopper gets what came back.
      #expect(try await scene.readyShopper(mug, 3).complete().status == 201)
    }
  }

  @Test func `of many who cancel at once one does`() async throws {
    try await CheckoutScene.with(shops: 2) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let path = "/v1/orders/\(try #require(try await shopper.complete()["id"]))/cancellations"
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for index in 0..<16 {
          group.addTask {
            try await scene.shops[index % 2].post(path, "{}", keyed(shopper.fields, "cancelling-at-once-\(index)-of-16"))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 201 } == 1, "\(replies.map(\.status))")
      #expect(replies.allSatisfy { $0.status == 201 || $0.status == 409 }, "\(Set(replies.map(\.status)))")
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      #expect(try scene.database.query("SELECT count(*) FROM sales.payment_operation WHERE kind = 'void'") == ["1"])
    }
  }

  @Test func `a void that the provider did not answer is repeated by the worker`() async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      let order = try await shopper.complete()
      let broken = try await TestServer.start(
        database: scene.database, settings: ["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:1", "SHOP_WORKER": "off"])
      let cancelled = try await broken.post(
        "/v1/orders/\(try #require(order["id"]))/cancellations", "{}", keyed(shopper.fields, "the-provider-does-not-answer"))
      await broken.stop()
      // The order is cancelled all the same; its money is on the way.
      #expect(cancelled.status == 201, "\(cancelled.text)")
      #expect(cancelled["status"] == "cancelled")
      #expect(cancelled["payment_status"] == "authorized")
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      let mended = try await TestServer.start(database: scene.database, settings: scene.provider.settings)
      try await until("the worker has voided it") { try scene.database.query("SELECT state FROM sales.payment") == ["voided"] }
      await mended.stop()
    }
  }

  @Test func `an admin pages through orders to the end and back`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 100)
      var placed: [String] = []
      for index in 0..<7 {
        let shopper = try await scene.readyShopper(mug)
        let id = try #require(try await shopper.complete()["id"])
        if index == 3 {
          let cancelled = try await scene.shop.post(
            "/v1/orders/\(id)/cancellations", "{}", keyed(Self.admin, "cancelling-the-fourth-order"))
          #expect(cancelled.status == 201)
        }
        placed.insert(id, at: 0)
      }
      func page(_ query: String) async throws -> (ids: [String], next: String?, previous: String?) {
        let reply = try await scene.shop.get("/v1/admin/orders?" + query, Self.admin)
        #expect(reply.status == 200, "\(reply.text)")
        var ids: [String] = []
        while let id = reply["data", "\(ids.count)", "id"] { ids.append(id) }
        return (ids, reply["page", "next"], reply["page", "prev"])
      }
      let first = try await page("limit=3")
      #expect(first.ids == Array(placed[0..<3]))
      #expect(first.previous == nil)
      let second = try await page("limit=3&after=\(try #require(first.next))")
      #expect(second.ids == Array(placed[3..<6]))
      let third = try await page("limit=3&after=\(try #require(second.next))")
      #expect(third.ids == Array(placed[6...]))
      #expect(third.next == nil)
      let back = try await page("limit=3&after=\(try #require(third.previous))")
      #expect(back.ids == second.ids)
      let start = try await page("limit=3&after=\(try #require(back.previous))")
      #expect(start.ids == first.ids)
      #expect(start.previous == nil)
      #expect(try await page("limit=3&after=\(try #require(start.next))").ids == second.ids)

      #expect(try await page("status=cancelled").ids == [placed[3]])
      #expect(try await page("status=confirmed").ids == placed.filter { $0 != placed[3] })
      // A cursor belongs to its filter.
      let foreign = try await scene.shop.get("/v1/admin/orders?status=confirmed&after=\(try #require(first.next))", Self.admin)
      #expect(foreign.status == 400)
      for wrong in ["status=lost", "limit=0", "limit=101", "after=x", "page=2"] {
        #expect(try await scene.shop.get("/v1/admin/orders?\(wrong)", Self.admin).status == 400, "\(wrong)")
      }
    }
  }
}
