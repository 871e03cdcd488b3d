import TestSupport
import Testing

/// Stock as the merchant counts it.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct StockTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  private func shop(_ body: (TestServer, Merchant) async throws -> Void) async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { try await body($0, Merchant($0)) }
  }

  private func adjust(_ server: TestServer, _ body: String, key: String) async throws -> TestServer.Reply {
    try await server.post("/v1/admin/stock-adjustments", body, Self.admin.merging(["Idempotency-Key": key]) { $1 })
  }

  @Test func `an adjustment is booked and told with what is there then`() async throws {
    try await shop { server, merchant in
      let variant = try await merchant.sell(stock: 5)
      let more = try await adjust(
        server, #"{"variant_id":"\#(variant)","location_id":null,"delta":10,"reason":"received","reference":"PO-1"}"#, key: "1")
      #expect(more.status == 201, "\(more.text)")
      #expect(more["id"]?.hasPrefix("adj_") == true)
      #expect(more["location_id"]?.hasPrefix("loc_") == true)
      for (name, value) in [
        ("variant_id", variant), ("delta", "10"), ("on_hand", "15"), ("reserved", "0"), ("available", "15"),
        ("reason", "received"),
      ] {
        #expect(more[name] == value)
      }
      #expect(more["created_at"]?.hasSuffix("Z") == true)
      let counted = try await adjust(server, #"{"variant_id":"\#(variant)","set":2,"expected":15,"reason":"counted"}"#, key: "2")
      #expect(counted["delta"] == "-13")
      #expect(counted["on_hand"] == "2")
      #expect(try await server.get("/v1/products/mug")["variants", "0", "availability"] == "low")
      let right = try await adjust(server, #"{"variant_id":"\#(variant)","set":2,"reason":"counted"}"#, key: "3")
      #expect(right["delta"] == "0")
      let gone = try await adjust(server, #"{"variant_id":"\#(variant)","delta":-2,"reason":"broken"}"#, key: "4")
      #expect(gone["available"] == "0")
      #expect(try await server.get("/v1/products?filter[in_stock]=true")["data"] == "0 elements")
      let sum = "SELECT sum(delta) FROM sales.stock_movement"
      #expect(try server.database.query(sum) == ["0"])
    }
  }

  @Test func `an adjustment that cannot be is refused and books nothing`() async throws {
    try await shop { server, merchant in
      let variant = try await merchant.sell(stock: 5)
      let shopper = try await Shopper.enter(server)
      _ = try await shopper.add(variant, 3)
      let held = try await shopper.hold()
      #expect(held.status == 200, "\(held.text)")
      for (number, (body, status, code)) in [
        (#""delta":-3"#, 409, "stock_reserved"), (#""set":2"#, 409, "stock_reserved"), (#""set":0"#, 409, "stock_reserved"),
        (#""delta":-6"#, 409, "stock_reserved"), (#""set":9,"expected":4"#, 409, "stock_changed"),
        (#""delta":0"#, 422, "invalid"),
        (#""delta":1,"set":1"#, 422, "invalid"), (#""delta":1,"expected":5"#, 422, "invalid"), (#""set":-1"#, 422, "invalid"),
        (#""delta":9007199254740991"#, 422, "invalid"), (#""delta":1.5"#, 422, "invalid"),
        (#""delta":1,"location_id":"loc_01j0000000000000000000zzzz""#, 422, "invalid"),
      ].enumerated() {
        let reply = try await adjust(server, #"{"variant_id":"\#(variant)","reason":"test",\#(body)}"#, key: "refused-\(number)")
        #expect(reply.status == status, "\(body): \(reply.text)")
        #expect(reply["code"] == code, "\(body)")
      }
      let all = try await adjust(server, #"{"variant_id":"x","reason":" ","delta":"1","unit":"box"}"#, key: "all")
      #expect(
        all.faults == ["/variant_id": "unknown_reference", "/reason": "empty", "/delta": "mistyped", "/unit": "unknown_member"])
      let unknown = try await adjust(
        server, #"{"variant_id":"var_01j0000000000000000000zzzz","reason":"x","delta":1}"#, key: "unknown")
      #expect(unknown.faults == ["/variant_id": "unknown_reference"])
      let keyless = try await server.post("/v1/admin/stock-adjustments", "{}", Self.admin)
      #expect(keyless["code"] == "missing_idempotency_key")
      #expect(try server.database.query("SELECT on_hand, reserved FROM sales.stock_level") == ["5|3"])
      #expect(try await adjust(server, #"{"variant_id":"\#(variant)","delta":-2,"reason":"x"}"#, key: "last")["available"] == "0")
    }
  }

  @Test func `adjustments at once all count`() async throws {
    try await shop { server, merchant in
      let variant = try await merchant.sell(stock: 0)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<16 {
          group.addTask {
            try await adjust(
              server, #"{"variant_id":"\#(variant)","delta":\#(number + 1),"reason":"x"}"#, key: "at-once-\(number)"
            ).status
          }
        }
        for try await status in group { #expect(status == 201) }
      }
      #expect(try server.database.query("SELECT on_hand FROM sales.stock_level") == ["\(16 * 17 / 2)"])
    }
  }

  @Test func `levels come page by page, of all variants or of one`() async throws {
    struct Page: Decodable {
      struct Level: Decodable {
        let variant_id: String
        let location_id: String
        let on_hand: Int
        let reserved: Int
        let available: Int
        let backorder_limit: Int
        let version: Int
      }
      struct Links: Decodable {
        let next: String?
        let prev: String?
      }
      let data: [Level]
      let page: Links
    }
    try await shop { server, merchant in
      let sold = try await merchant.sell((0..<7).map { Merchant.Goods("S\($0)", ["USD": 100], stock: $0) })
      var found: [Page.Level] = []
      var cursor: String?
      repeat {
        let reply = try await server.get("/v1/admin/stock-levels?limit=3" + (cursor.map { "&after=\($0)" } ?? ""), Self.admin)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.fields["cache-control"] == "no-store")
        let page = try reply.decoded(Page.self)
        found += page.data
        cursor = page.page.next
      } while cursor != nil && found.count < 100
      #expect(found.map(\.variant_id) == sold.variants.sorted())
      for (stock, variant) in sold.variants.enumerated() {
        let level = try await server.get("/v1/admin/stock-levels?variant_id=\(variant)", Self.admin).decoded(Page.self)
        #expect(level.data.map(\.on_hand) == [stock])
        #expect(level.data.map(\.available) == [stock])
        #expect(level.page.next == nil)
      }
      for query in [
        "variant_id=x", "variant_id=var_", "limit=0", "product_id=x",
        "variant_id=\(sold.variants[0])&variant_id=\(sold.variants[0])",
      ] {
        #expect(try await server.get("/v1/admin/stock-levels?\(query)", Self.admin).status == 400, "\(query)")
      }
      #expect(
        try await server.get("/v1/admin/stock-levels?variant_id=var_01j0000000000000000000zzzz", Self.admin)["data"]
          == "0 elements")
    }
  }
}
