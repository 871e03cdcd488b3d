import TestSupport
import Testing

/// Discount codes in carts: what they take off, and what is said of those that take nothing.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartDiscountTests {
  private func shop(_ body: (TestServer, Merchant, Shopper) async throws -> Void) async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { shop in
      let merchant = Merchant(shop)
      let mug = try await merchant.sell([.init("MUG", ["USD": 1_299, "EUR": 1_199]), .init("CUP", ["USD": 501])]).variants
      // Where nothing is taxed yet.
      let shopper = try await Shopper.enter(shop, country: nil)
      try await shopper.add(mug[0], 2)
      try await shopper.add(mug[1])
      try await body(shop, merchant, shopper)
    }
  }

  private static let tenth = #""kind":"percentage","basis_points":1000"#

  private func refusal(_ reply: TestServer.Reply) -> String? {
    reply.status == 422 && reply.faults.count == 1 ? reply.faults["/code"] : nil
  }

  @Test func `a code takes its part off each line and off the total, until it is taken back`() async throws {
    try await shop { shop, merchant, shopper in
      try await merchant.discount("SUMMER10", Self.tenth)
      let given = try await shopper.give("Summer10")
      #expect(given.status == 200, "\(given.text)")
      #expect(given["discount_codes", "0"] == "SUMMER10" && given["discount_codes"] == "1 elements")
      // 10 % of 30.99 is 3.099: 3.10, of which 2.598 and 0.501 are the lines' own.
      #expect(given["totals", "discount"] == "310" && given["totals", "total"] == "2789")
      #expect(given["lines", "0", "discount", "amount"] == "260" && given["lines", "1", "discount", "amount"] == "50")
      #expect(given["lines", "0", "total", "amount"] == "2338" && given["problems"] == "0 elements")
      // Again is no fault, and applies once.
      #expect(try await shopper.give("SUMMER10")["totals", "discount"] == "310")
      #expect(try await shopper.quote()["totals", "discount"] == "310")
      #expect(try await shopper.takeBack("OTHER").status == 404)
      #expect(try await shopper.takeBack("x").status == 404)
      let back = try await shopper.takeBack("summer10")
      #expect(back.status == 200 && back["discount_codes"] == "0 elements" && back["totals", "discount"] == "0", "\(back.text)")
      #expect(try await shopper.takeBack("summer10").status == 404)
      #expect(try shop.database.query("SELECT used FROM sales.discount_code") == ["0"])
    }
  }

  @Test func `a change that has waited for another one tells of its code`() async throws {
    try await shop { shop, merchant, shopper in
      try await merchant.discount("SUMMER10", Self.tenth)
      let rival = try await HeldLock(
        shop.database,
        """
        UPDATE sales.cart SET version = version + 1;
        INSERT INTO sales.cart_discount_code SELECT c.id, d.id, 1 FROM sales.cart c, sales.discount_code d
        """)
      async let change = shopper.put("email", #"{"email":"ann@example.com"}"#)
      try await until("the cart's lock is waited for") {
        try shop.database.query(
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == ["1"]
      }
      rival.keep()
      let changed = try await change
      #expect(changed["discount_codes", "0"] == "SUMMER10", "\(changed.text)")
      let seen = try await shopper.look()
      #expect(changed.fields["etag"] == seen.fields["etag"])
      #expect(changed.body == seen.body)
    }
  }

  @Test func `a code that does not count is refused, and says why as far as a shopper should know`() async throws {
    try await shop { shop, merchant, shopper in
      let terms: [(code: String, terms: String, refusal: String)] = [
        ("LATER", #"\#(Self.tenth),"starts_at":"2999-01-01T00:00:00Z""#, "discount_not_started"),
        ("EARLIER", #"\#(Self.tenth),"ends_at":"2020-01-01T00:00:00Z""#, "discount_expired"),
        ("LARGER", #"\#(Self.tenth),"minimum_subtotals":[{"amount":3100,"currency":"USD"}]"#, "discount_below_minimum"),
        ("ELSEWHERE", #"\#(Self.tenth),"minimum_subtotals":[{"amount":0,"currency":"EUR"}]"#, "discount_other_currency"),
        ("EUROS", #""kind":"fixed_amount","amounts":[{"amount":500,"currency":"EUR"}]"#, "discount_other_currency"),
        ("DISABLED", #"\#(Self.tenth),"status":"disabled""#, "discount_unknown"),
      ]
      for discount in terms {
        #expect(try await merchant.discount(discount.code, discount.terms).status == 201)
        #expect(refusal(try await shopper.give(discount.code)) == discount.refusal, "\(discount.code)")
      }
      try await merchant.discount("GONE", #"\#(Self.tenth),"usage_limit":1"#)
      try shop.database.execute("UPDATE sales.discount_code SET used = 1 WHERE code = 'GONE'")
      #expect(refusal(try await shopper.give("GONE")) == "discount_exhausted")
      let (unknown, disabled) = (try await shopper.give("NOBODY"), try await shopper.give("DISABLED"))
      #expect(refusal(unknown) == "discount_unknown")
      #expect(unknown.textWithoutRequest == disabled.textWithoutRequest)
      #expect(refusal(try await shopper.give("é")) == "malformed")
      #expect(try await shopper.look()["discount_codes"] == "0 elements")
      #expect(try await shopper.look()["version"] == "3")
    }
  }

  @Test func `codes stand together where all of them may, five at most, also when given at the same moment`() async throws {
    try await shop { shop, merchant, shopper in
      let off = #""kind":"fixed_amount","amounts":[{"amount":100,"currency":"USD"}]"#
      try await merchant.discount("ALONE", off)
      for number in 0..<8 { try await merchant.discount("FRIEND\(number)", off + #","combinable":true"#) }
      #expect(try await shopper.give("ALONE").status == 200)
      #expect(refusal(try await shopper.give("FRIEND0")) == "discount_not_combinable")
      #expect(try await shopper.takeBack("ALONE").status == 200)
      #expect(try await shopper.give("FRIEND0").status == 200)
      #expect(refusal(try await shopper.give("ALONE")) == "discount_not_combinable")
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for number in 1..<8 { group.addTask { try await shopper.give("FRIEND\(number)") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 200 } == 4)
      #expect(replies.count { refusal($0) == "too_many" } == 3, "\(Set(replies.map(\.text)))")
      let cart = try await shopper.look()
      #expect(cart["discount_codes"] == "5 elements" && cart["totals", "discount"] == "500" && cart["problems"] == "0 elements")
    }
  }

  @Test func `a code that holds no more takes nothing off, and cart and quote say why`() async throws {
    try await shop { shop, merchant, shopper in
      let made = try await merchant.discount("SPRING", #"\#(Self.tenth),"minimum_subtotals":[{"amount":3000,"currency":"USD"}]"#)
      #expect(try await shopper.give("SPRING")["totals", "discount"] == "310")
      let cup = try #require(try await shopper.look()["lines", "1", "id"])
      let smaller = try await shopper.change(cup, to: 0)
      #expect(smaller["totals", "discount"] == "0" && smaller["discount_codes", "0"] == "SPRING")
      #expect(smaller["problems", "0", "code"] == "discount_below_minimum")
      #expect(smaller["problems", "0", "pointer"] == "/discount_codes/0")
      let mug = try #require(smaller["lines", "0", "id"])
      #expect(try await shopper.change(mug, to: 3)["totals", "discount"] == "390")
      let off = try await shop.patch(
        "/v1/admin/discount-codes/\(try #require(made["id"]))", #"{"status":"disabled"}"#,
        merchant.fields.merging(["If-Match": "*"]) { $1 })
      #expect(off.status == 200, "\(off.text)")
      let quote = try await shopper.quote()
      #expect(quote["totals", "discount"] == "0" && quote["problems", "0", "code"] == "discount_unknown")
      #expect(quote["problems", "0", "available"] == nil)
      #expect(try await shopper.takeBack("SPRING").status == 200)
    }
  }

  @Test func `an empty cart takes a code, a closed one none, and nobody else's cart either`() async throws {
    try await shop { shop, merchant, shopper in
      try await merchant.discount("SUMMER10", Self.tenth)
      let empty = try await Shopper.enter(shop)
      #expect(try await empty.give("summer10")["discount_codes", "0"] == "SUMMER10")
      #expect(try await shop.post(empty.cart + "/discount-codes", #"{"code":"SUMMER10"}"#, shopper.fields).status == 404)
      #expect(try await shop.delete(empty.cart, empty.fields).status == 204)
      #expect(try await empty.give("summer10").status == 404)
      try shop.database.execute("UPDATE sales.cart SET expires_at = now() - interval '1 second' WHERE state = 'active'")
      #expect(try await shopper.give("summer10")["code"] == "cart_closed")
    }
  }
}
