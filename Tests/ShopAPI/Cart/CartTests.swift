import TestSupport
import Testing

@Suite(
  .serialized, .enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CartTests {
  /// Variants of one product in USD: 10.00 with stock 3, 5.00 with none.
  private static let stocked = "var_01j00000000000000000000001"
  private static let missing = "var_01j00000000000000000000002"

  /// What carts read of the catalogue, and stock.
  private static let scene = """
    INSERT INTO catalogue.offer (variant_id, currency, product_id, sku, title, variant_title, options, unit_amount, tax_class,
                                 weight_g, requires_shipping, sellable) VALUES
      ('01900000-0000-0000-0000-000000000001', 'USD', '01900000-0000-0000-0000-00000000000a', 'MUG-S', 'Mug', 'S',
       '{"size":"S"}', 1000, 'standard', 300, true, true),
      ('01900000-0000-0000-0000-000000000002', 'USD', '01900000-0000-0000-0000-00000000000a', 'MUG-M', 'Mug', 'M',
       '{"size":"M"}', 500, 'standard', 300, true, true);
    INSERT INTO catalogue.availability (variant_id, state) VALUES ('01900000-0000-0000-0000-000000000001', 'low');
    """

  private func shop(_ body: (TestServer) async throws -> Void) async throws {
    try await TestServer.with { server in
      try server.database.execute(Self.scene)
      try await body(server)
    }
  }

  private func cart(
    _ server: TestServer, _ body: String = #"{"currency":"USD","country":"US"}"#
  ) async throws -> (path: String, token: [String: String]) {
    let made = try await server.post("/v1/carts", body)
    #expect(made.status == 201)
    return (try #require(made.fields["location"]), ["Shop-Cart-Token": try #require(made["token"])])
  }

  @Test func `a shopper fills a cart and sees what it costs`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      let added = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":2}"#, token)
      #expect(added.status == 200, "\(added.text)")
      #expect(added["token"] == nil)
      #expect(added["lines", "0", "sku"] == "MUG-S")
      #expect(added["lines", "0", "options", "size"] == "S")
      #expect(added["lines", "0", "availability"] == "low")
      #expect(added["totals", "subtotal"] == "2000")
      // 8.25 % where the state is not known.
      #expect(added["totals", "tax"] == "165")
      #expect(added["totals", "total"] == "2165")
      #expect(added["version"] == "2")
      let again = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1}"#, token)
      #expect(again["lines", "0", "quantity"] == "3")
      #expect(again["lines"] == "1 elements")
      let line = try #require(again["lines", "0", "id"])
      let fewer = try await server.patch("\(path)/lines/\(line)", #"{"quantity":1}"#, token)
      #expect(fewer["totals", "subtotal"] == "1000")
      let none = try await server.patch("\(path)/lines/\(line)", #"{"quantity":0}"#, token)
      #expect(none["lines"] == "0 elements")
      #expect(try await server.delete("\(path)/lines/\(line)", token).status == 404)
    }
  }

  @Test func `a cart is sent and taxed where its address says`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      _ = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":2}"#, token)
      #expect(try await server.put(path + "/email", #"{"email":"ann@example.com"}"#, token)["email"] == "ann@example.com")
      let address =
        #"{"name":"Ann","line1":"1 Main St","line2":null,"city":"Portland","region":"OR","postal_code":"97201","country":"US","phone":null}"#
      let addressed = try await server.put(path + "/shipping-address", address, token)
      #expect(addressed["shipping_address", "city"] == "Portland", "\(addressed.text)")
      #expect(addressed["totals", "tax"] == "0")
      #expect(try await server.put(path + "/billing-address", address, token)["billing_address", "name"] == "Ann")
      let options = try await server.get(path + "/shipping-options", token)
      #expect(options["data", "0", "id"] == "standard")
      #expect(options["data", "0", "price", "amount"] == "500")
      let unknown = try await server.put(path + "/shipping-method", #"{"id":"pigeon"}"#, token)
      #expect(unknown.status == 422)
      let chosen = try await server.put(path + "/shipping-method", #"{"id":"standard"}"#, token)
      #expect(chosen["shipping_method", "id"] == "standard")
      #expect(chosen["totals", "total"] == "2500")
    }
  }

  @Test func `a quote tells what is short`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      _ = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.missing)","quantity":2}"#, token)
      let quote = try await server.get(path + "/quote", token)
      #expect(quote.status == 200)
      #expect(quote["problems", "0", "code"] == "out_of_stock")
      #expect(quote["problems", "0", "pointer"] == "/lines/0")
      #expect(quote["problems", "0", "available"] == "0")
      #expect(quote["valid_until"] != nil)
    }
  }

  @Test func `only its token opens a cart`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      let (_, other) = try await cart(server)
      #expect(try await server.get(path).status == 401)
      #expect(try await server.get(path, other).status == 404)
      #expect(try await server.get(path, token).status == 200)
      #expect(try await server.get("/v1/carts/nonsense", token).status == 404)
      #expect(try await server.delete(path, token).status == 204)
      #expect(try await server.get(path, token).status == 404)
    }
  }

  @Test func `what cannot be bought is told with its place`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      let unknown = try await server.post(
        path + "/lines", #"{"variant_id":"var_01j0000000000000000000zzzz","quantity":1}"#, token)
      #expect(unknown.status == 422)
      #expect(unknown["errors", "0", "pointer"] == "/variant_id")
      let many = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1001}"#, token)
      #expect(many["errors", "0", "pointer"] == "/quantity")
      _ = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1000}"#, token)
      let more = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1}"#, token)
      #expect(more.status == 422, "\(more.text)")
      #expect(more["errors", "0", "pointer"] == "/quantity")
    }
  }

  @Test func `a change based on an old version is refused`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      let stale = try await server.put(
        path + "/email", #"{"email":"ann@example.com"}"#, token.merging(["If-Match": "\"7\""]) { $1 })
      #expect(stale.status == 412)
      let fresh = try await server.put(
        path + "/email", #"{"email":"ann@example.com"}"#, token.merging(["If-Match": "\"1\""]) { $1 })
      #expect(fresh.status == 200)
    }
  }

  @Test func `a request that is sent twice is done once`() async throws {
    try await shop { server in
      let key = ["Idempotency-Key": "3b9d3a4e-5a43-4f0e-9a4b-93f1a1c1d001"]
      let body = #"{"currency":"USD","country":"US"}"#
      let first = try await server.post("/v1/carts", body, key)
      let second = try await server.post("/v1/carts", body, key)
      #expect(first.status == 201 && second.status == 201, "\(first.text) \(second.text)")
      #expect(first.body == second.body)
      #expect(second.fields["location"] == first.fields["location"])
      #expect(first.fields["idempotency-replayed"] == nil)
      #expect(second.fields["idempotency-replayed"] == "true")
      #expect(try server.database.query("SELECT count(*) FROM sales.cart") == ["1"])
      // The token is nowhere in the clear.
      #expect(try server.database.query("SELECT encrypted FROM sales.idempotency_key") == ["t"])
      let other = try await server.post("/v1/carts", #"{"currency":"EUR"}"#, key)
      #expect(other.status == 422)
      #expect(other["code"] == "idempotency_mismatch")
      let weak = try await server.post("/v1/carts", body, ["Idempotency-Key": "short"])
      #expect(weak["code"] == "weak_idempotency_key")

      let path = try #require(first.fields["location"])
      let token = ["Shop-Cart-Token": try #require(first["token"]), "Idempotency-Key": "add-1"]
      for _ in 1...2 {
        let added = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1}"#, token)
        #expect(added["lines", "0", "quantity"] == "1", "\(added.text)")
      }
    }
  }

  @Test func `an expired cart takes no changes`() async throws {
    try await shop { server in
      let (path, token) = try await cart(server)
      try server.database.execute("UPDATE sales.cart SET expires_at = now() - interval '1 second'")
      let added = try await server.post(path + "/lines", #"{"variant_id":"\#(Self.stocked)","quantity":1}"#, token)
      #expect(added.status == 409)
      #expect(added["code"] == "cart_closed")
      #expect(try await server.get(path, token)["status"] == "expired")
    }
  }
}
