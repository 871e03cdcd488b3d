import TestSupport
import Testing

/// Discount codes as the merchant makes, finds and changes them.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct DiscountAdminTests {
  private func shop(_ body: (TestServer, Merchant) async throws -> Void) async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { try await body($0, Merchant($0)) }
  }

  @Test func `a discount is made, read, listed and found by its code`() async throws {
    try await shop { shop, merchant in
      let made = try await merchant.discount(
        "Summer10", #""kind":"percentage","basis_points":1000,"ends_at":"2031-01-31T12:00:00.1239Z","usage_limit":5"#)
      #expect(made.status == 201, "\(made.text)")
      let id = try #require(made["id"])
      let path = "/v1/admin/discount-codes/\(id)"
      #expect(made.fields["location"] == path && made.fields["etag"] == "\"1\"")
      #expect(made["code"] == "SUMMER10" && made["basis_points"] == "1000" && made["used"] == "0" && made["usage_limit"] == "5")
      #expect(made["ends_at"] == "2031-01-31T12:00:00.123Z" && made["starts_at"] == nil && made["status"] == "active")
      #expect(made["combinable"] == "0" && made["once_per_customer"] == "0")
      #expect(try await shop.get(path, merchant.fields).body == made.body)
      for code in ["FIRST", "SECOND"] {
        let fixed = try await merchant.discount(
          code,
          #""kind":"fixed_amount","amounts":[{"amount":500,"currency":"USD"},{"amount":450,"currency":"EUR"}],"status":"disabled""#
        )
        #expect(fixed["amounts", "0", "currency"] == "EUR" && fixed["amounts", "1", "amount"] == "500", "\(fixed.text)")
      }
      let first = try await shop.get("/v1/admin/discount-codes?limit=2", merchant.fields)
      #expect(first["data", "0", "code"] == "SECOND" && first["data", "1", "code"] == "FIRST")
      let next = try #require(first["page", "next"])
      let second = try await shop.get("/v1/admin/discount-codes?limit=2&after=\(next)", merchant.fields)
      #expect(second["data", "0", "code"] == "SUMMER10" && second["data"] == "1 elements" && second["page", "next"] == nil)
      let found = try await shop.get("/v1/admin/discount-codes?code=first&status=disabled", merchant.fields)
      #expect(found["data"] == "1 elements" && found["data", "0", "code"] == "FIRST")
      #expect(try await shop.get("/v1/admin/discount-codes?code=first&status=active", merchant.fields)["data"] == "0 elements")
      let foreign = try await shop.get("/v1/admin/discount-codes?status=active&after=\(next)", merchant.fields)
      #expect(foreign.status == 400 && foreign["code"] == "invalid_cursor")
      #expect(try await shop.get("/v1/admin/discount-codes?code=x", merchant.fields)["code"] == "invalid_parameter")
      #expect(try await shop.get(path.replacing("disc_0", with: "disc_1"), merchant.fields).status == 404)
    }
  }

  @Test func `a code is taken, whatever its case`() async throws {
    try await shop { shop, merchant in
      let terms = #""kind":"percentage","basis_points":1"#
      #expect(try await merchant.discount("Once", terms).status == 201)
      let taken = try await merchant.propose("oNCE", terms)
      #expect(taken.status == 409 && taken["code"] == "discount_code_taken", "\(taken.text)")
    }
  }

  @Test func `faults of the form and of the rules are told together, each with its place`() async throws {
    try await shop { shop, merchant in
      let refused = try await merchant.propose(
        "no",
        #""kind":"fixed_amount","basis_points":5,"amounts":[{"amount":0,"currency":"USD"},7],"starts_at":"soon","percent":3"#)
      #expect(refused.status == 422)
      #expect(
        refused.faults == [
          "/code": "malformed", "/basis_points": "conflicting", "/amounts/0/amount": "out_of_range", "/amounts/1": "mistyped",
          "/starts_at": "malformed", "/percent": "unknown_member",
        ])
    }
  }

  @Test func `a change names its version, changes what it names and nothing else`() async throws {
    try await shop { shop, merchant in
      let made = try await merchant.discount(
        "SPRING",
        #""kind":"percentage","basis_points":1000,"usage_limit":5,"minimum_subtotals":[{"amount":2000,"currency":"USD"}]"#)
      let path = "/v1/admin/discount-codes/\(try #require(made["id"]))"
      func change(_ body: String, _ tag: String? = "\"1\"") async throws -> TestServer.Reply {
        var fields = merchant.fields
        fields["If-Match"] = tag
        return try await shop.patch(path, body, fields)
      }
      #expect(try await change(#"{"status":"disabled"}"#, nil).status == 428)
      #expect(try await change(#"{"status":"disabled"}"#, "\"2\"").status == 412)
      #expect(try await change(#"{"code":"AUTUMN"}"#).faults == ["/code": "unknown_member"])
      #expect(try await change(#"{"basis_points":null,"status":null}"#).faults == ["/status": "required"])
      #expect(try await change(#"{"basis_points":null}"#).faults == ["/basis_points": "required"])
      #expect(try await change(#"{"amounts":[{"amount":1,"currency":"USD"}]}"#).faults["/amounts"] == "conflicting")
      let changed = try await change(#"{"status":"disabled","usage_limit":null,"starts_at":"2025-12-31T23:00:00Z"}"#)
      #expect(changed.status == 200 && changed.fields["etag"] == "\"2\"", "\(changed.text)")
      #expect(changed["status"] == "disabled" && changed["usage_limit"] == nil && changed["basis_points"] == "1000")
      #expect(changed["starts_at"] == "2025-12-31T23:00:00.000Z" && changed["minimum_subtotals", "0", "amount"] == "2000")
      let moved = try await change(#"{"minimum_subtotals":[{"amount":1000,"currency":"EUR"}]}"#, "\"2\"")
      #expect(moved["minimum_subtotals"] == "1 elements" && moved["minimum_subtotals", "0", "currency"] == "EUR")
      #expect(try await change(#"{"minimum_subtotals":null}"#, "\"3\"")["minimum_subtotals"] == "0 elements")
    }
  }
}
