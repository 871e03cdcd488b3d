import HTTPServer
import Reactor
import ShopService
import TestSupport
import Testing

/// Checkout through real HTTP: two shops over one database, and the test provider as a server of its own.
@Suite(
  .serialized, .enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CheckoutTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  /// A shop, the variant it sells, and a second process of it.
  private struct Scene {
    let shops: [TestServer]
    let variant: String

    var shop: TestServer { shops[0] }
  }

  private func scene(stock: Int, _ body: (Scene) async throws -> Void) async throws {
    let loop = try EventLoop(name: "provider")
    try loop.start()
    defer {
      loop.stop()
      loop.join()
    }
    let provider = try await TestProvider.start(port: 0, on: loop, decisionTime: .milliseconds(200))
    let port = try #require(provider.addresses.first?.port)
    let settings = ["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:\(port)"]
    let first = try await TestServer.start(settings: settings)
    let second = try await TestServer.start(database: first.database, settings: settings)
    do {
      try await body(Scene(shops: [first, second], variant: try await product(first, stock: stock)))
    } catch {
      await first.stop()
      await second.stop()
      throw error
    }
    await first.stop()
    await second.stop()
  }

  private func product(_ shop: TestServer, stock: Int) async throws -> String {
    let made = try await shop.post(
      "/v1/admin/products",
      #"{"title":"Mug","status":"active","variants":[{"sku":"MUG","prices":[{"amount":1299,"currency":"USD"}],"stock":\#(stock)}]}"#,
      Self.admin)
    #expect(made.status == 201, "\(made.text)")
    return try #require(made["variants", "0", "id"])
  }

  /// A cart that is ready to be completed, and what to complete it with.
  private struct ReadyCart: Sendable {
    let path: String
    let token: String
    let total: String

    func body(_ payment: String) -> String {
      #"{"expected_total":{"amount":\#(total),"currency":"USD"},"payment":{"provider":"test","token":"\#(payment)"}}"#
    }

    func complete(at shop: TestServer, paying payment: String = "tok_ok", key: String) async throws -> TestServer.Reply {
      try await shop.post(path + "/complete", body(payment), ["Shop-Cart-Token": token, "Idempotency-Key": key])
    }
  }

  private func readyCart(_ scene: Scene) async throws -> ReadyCart {
    let shop = scene.shop
    let made = try await shop.post("/v1/carts", #"{"currency":"USD","country":"US"}"#)
    let path = try #require(made.fields["location"])
    let token = try #require(made["token"])
    let fields = ["Shop-Cart-Token": token]
    _ = try await shop.post(path + "/lines", #"{"variant_id":"\#(scene.variant)","quantity":1}"#, fields)
    _ = try await shop.put(path + "/email", #"{"email":"ann@example.com"}"#, fields)
    let address =
      #"{"name":"Ann","line1":"1 Main St","line2":null,"city":"Portland","region":"OR","postal_code":"97201","country":"US","phone":null}"#
    _ = try await shop.put(path + "/shipping-address", address, fields)
    let method = try #require(try await shop.get(path + "/shipping-options", fields)["data", "0", "id"])
    let chosen = try await shop.put(path + "/shipping-method", #"{"id":"\#(method)"}"#, fields)
    return ReadyCart(path: path, token: token, total: try #require(chosen["totals", "total"]))
  }

  @Test func `a shopper places an order, reads it, and nobody else does`() async throws {
    try await scene(stock: 3) { scene in
      let cart = try await readyCart(scene)
      let order = try await cart.complete(at: scene.shop, key: "first-order-of-this-shop")
      #expect(order.status == 201, "\(order.text)")
      #expect(order["status"] == "confirmed")
      #expect(order["payment_status"] == "authorized")
      #expect(order["totals", "total"] == cart.total)
      let path = "/v1/orders/\(try #require(order["id"]))"
      #expect(try await scene.shop.get(path, ["Shop-Cart-Token": cart.token]).status == 200)
      #expect(try await scene.shop.get(path, Self.admin).status == 200)
      #expect(try await scene.shop.get(path).status == 401)
      let stranger = try await readyCart(scene)
      #expect(try await scene.shop.get(path, ["Shop-Cart-Token": stranger.token]).status == 404)
      // The retry of a client that lost the answer gets the same bytes; another key finds the cart closed.
      let again = try await cart.complete(at: scene.shops[1], key: "first-order-of-this-shop")
      #expect(again.status == 201)
      #expect(again.body == order.body)
      #expect(again.fields["idempotency-replayed"] == "true")
      let other = try await cart.complete(at: scene.shop, key: "another-key-for-this-shop")
      #expect(other.status == 409)
      #expect(other["code"] == "cart_closed")
      #expect(other["order_id"] == order["id"])
    }
  }

  @Test func `of sixty-four shoppers at two processes one gets the last unit`() async throws {
    try await scene(stock: 1) { scene in
      var carts: [ReadyCart] = []
      for _ in 0..<64 { carts.append(try await readyCart(scene)) }
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for (index, cart) in carts.enumerated() {
          group.addTask { try await cart.complete(at: scene.shops[index % 2], key: "race-for-the-last-unit-\(index)") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 201 } == 1)
      #expect(replies.count { $0.status == 409 && $0["code"] == "out_of_stock" } == 63, "\(Set(replies.map(\.status)))")
      #expect(try scene.shop.database.query("SELECT sum(reserved) FROM sales.stock_level") == ["1"])
      #expect(try scene.shop.database.query("SELECT count(*) FROM sales.orders") == ["1"])
    }
  }

  @Test func `one key sent thirty-two times at once makes one order`() async throws {
    try await scene(stock: 5) { scene in
      let cart = try await readyCart(scene)
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for index in 0..<32 {
          group.addTask { try await cart.complete(at: scene.shops[index % 2], key: "the-same-key-every-time") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let made = replies.filter { $0.status == 201 }
      #expect(!made.isEmpty)
      #expect(Set(made.map(\.body)).count == 1)
      #expect(replies.allSatisfy { $0.status == 201 || $0.status == 409 }, "\(Set(replies.map(\.status)))")
      #expect(try scene.shop.database.query("SELECT count(*) FROM sales.orders") == ["1"])
    }
  }

  @Test func `a declined payment gives everything back`() async throws {
    try await scene(stock: 1) { scene in
      let cart = try await readyCart(scene)
      let declined = try await cart.complete(at: scene.shop, paying: "tok_declined", key: "declined-the-first-time")
      #expect(declined.status == 402, "\(declined.text)")
      #expect(declined["code"] == "payment_declined")
      #expect(try scene.shop.database.query("SELECT sum(reserved) FROM sales.stock_level") == ["0"])
      let second = try await cart.complete(at: scene.shop, key: "paid-the-second-time")
      #expect(second.status == 201, "\(second.text)")
    }
  }

  @Test func `a total that is not what the shopper saw charges nothing`() async throws {
    try await scene(stock: 1) { scene in
      let cart = try await readyCart(scene)
      let wrong = ReadyCart(path: cart.path, token: cart.token, total: "1")
      let refused = try await wrong.complete(at: scene.shop, key: "a-total-of-one-cent-only")
      #expect(refused.status == 409)
      #expect(refused["code"] == "price_changed")
      #expect(refused["current_total", "amount"] == cart.total)
      #expect(try scene.shop.database.query("SELECT count(*) FROM sales.payment") == ["0"])
    }
  }

  @Test func `what checkouts come to is counted`() async throws {
    try await scene(stock: 1) { scene in
      let (declined, ordered, late) = (try await readyCart(scene), try await readyCart(scene), try await readyCart(scene))
      _ = try await declined.complete(at: scene.shop, paying: "tok_declined", key: "counted-as-declined")
      for _ in 0..<2 { _ = try await ordered.complete(at: scene.shop, key: "counted-as-ordered-once") }
      _ = try await late.complete(at: scene.shop, key: "counted-as-out-of-stock")
      let metrics = try await scene.shop.get("/metrics").text
      for series in [
        #"shop_checkouts_total{outcome="declined"} 1"#, #"shop_checkouts_total{outcome="ordered"} 1"#,
        #"shop_checkouts_total{outcome="replayed"} 1"#, #"shop_checkouts_total{outcome="out_of_stock"} 1"#,
        #"shop_checkouts_total{outcome="failed"} 0"#, "shop_stock_refusals_total 1", #"shop_orders_total{currency="USD"} 1"#,
        #"shop_orders_value_total{currency="USD"} \#(ordered.total)"#,
        #"shop_payment_authorisations_total{outcome="authorised"} 1"#,
        #"shop_payment_authorisations_total{outcome="declined"} 1"#, "shop_payment_authorisation_duration_seconds_count 2",
      ] {
        #expect(metrics.contains(series + "\n"), "\(series)")
      }
    }
  }
}
