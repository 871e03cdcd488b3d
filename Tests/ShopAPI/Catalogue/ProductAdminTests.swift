import TestSupport
import Testing

/// Products as admins make and change them.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct ProductAdminTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
  private static let mug =
    #"{"title":"Mug","status":"active","variants":[{"sku":"MUG","prices":[{"amount":1299,"currency":"USD"}],"stock":5}]}"#

  private func shop(_ body: (TestServer) async throws -> Void) async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"], body)
  }

  private func made(_ server: TestServer, _ body: String = mug) async throws -> TestServer.Reply {
    let reply = try await server.post("/v1/admin/products", body, Self.admin)
    #expect(reply.status == 201, "\(reply.text)")
    return reply
  }

  private func matching(_ reply: TestServer.Reply) throws -> [String: String] {
    Self.admin.merging(["If-Match": try #require(reply.fields["etag"])]) { $1 }
  }

  // MARK: Making

  @Test func `a product is made as it was sent, and is where Location says`() async throws {
    try await shop { server in
      let category = try await server.post("/v1/admin/categories", #"{"title":"Cups"}"#, Self.admin)
      let id = try #require(category["id"])
      let body =
        #"{"title":"Mug “Ünder”","handle":null,"description":"Line 1\nLine 2","status":"active","attributes":{"color":"red"},"#
        + #""options":[{"name":"size","values":["S","M"]}],"category_ids":["\#(id)"],"media":[{"url":"https://img.test/1.jpg","alt":null}],"#
        + #""variants":[{"sku":"MUG-S","options":{"size":"S"},"prices":[{"amount":1299,"currency":"USD","compare_at_amount":1499},{"amount":0,"currency":"JPY"}],"tax_class":"reduced","weight_g":300,"barcode":"4006381333931","stock":6},"#
        + #"{"sku":"MUG-M","title":"Large","options":{"size":"M"},"prices":[],"requires_shipping":false}]}"#
      let reply = try await made(server, body)
      let expected: [(String?, String?)] = [
        (reply["title"], "Mug “Ünder”"), (reply["handle"], "mug-uender"), (reply["description"], "Line 1\nLine 2"),
        (reply["status"], "active"),
        (reply["attributes", "color"], "red"), (reply["options", "0", "values", "1"], "M"), (reply["categories", "0", "id"], id),
        (reply["categories", "0", "handle"], "cups"), (reply["media", "0", "url"], "https://img.test/1.jpg"),
        (reply["media", "0", "alt"], nil),
        (reply["variants", "0", "sku"], "MUG-S"), (reply["variants", "0", "title"], "S"),
        (reply["variants", "0", "tax_class"], "reduced"),
        (reply["variants", "0", "prices", "0", "currency"], "JPY"),
        (reply["variants", "0", "prices", "1", "compare_at_amount"], "1499"),
        (reply["variants", "0", "weight_g"], "300"), (reply["variants", "0", "barcode"], "4006381333931"),
        (reply["variants", "0", "availability"], "in_stock"), (reply["variants", "1", "title"], "Large"),
        (reply["variants", "1", "requires_shipping"], "0"), (reply["variants", "1", "availability"], "out"),
        (reply["version"], "1"),
        (reply["price_range", "max", "amount"], "1299"),
      ]
      for (index, (found, wanted)) in expected.enumerated() { #expect(found == wanted, "\(index)") }
      let location = try #require(reply.fields["location"])
      #expect(location == "/v1/admin/products/\(try #require(reply["id"]))")
      #expect(reply.fields["cache-control"] == "no-store")
      let read = try await server.get(location, Self.admin)
      #expect(read.body == reply.body)
      #expect(read.fields["etag"] == reply.fields["etag"])
      #expect(try await server.get("/v1/products/mug-uender").body == reply.body)
      #expect(try await server.get("/v1/products?category=cups")["data"] == "1 elements")
      #expect(try await server.get("/v1/search?q=under")["data"] == "0 elements")
      #expect(try await server.get("/v1/search?q=%C3%BCnder")["data"] == "1 elements")
    }
  }

  @Test func `a product is a draft that shoppers do not see where nothing is said`() async throws {
    try await shop { server in
      let reply = try await made(server, #"{"title":"Mug","variants":[{"sku":"MUG","prices":[{"amount":1,"currency":"USD"}]}]}"#)
      #expect(reply["status"] == "draft")
      #expect(try await server.get("/v1/products/mug").status == 404)
      let shown = try await server.patch(
        "/v1/admin/products/\(try #require(reply["id"]))", #"{"status":"active"}"#, try matching(reply))
      #expect(shown.status == 200)
      #expect(try await server.get("/v1/products/mug").status == 200)
      #expect(try await server.get("/v1/products")["data"] == "1 elements")
    }
  }

  @Test func `every fault of a product is told at once, of form and of rules, each at its place`() async throws {
    try await shop { server in
      let body =
        #"{"title":" ","handle":"No Handle","description":5,"status":"sold","attributes":{"Color!":"red","size":1},"extra":true,"#
        + #""options":[{"name":"size","values":["S","S"]},7,{"values":[]},{"name":"fit","values":["a",2]}],"#
        + #""category_ids":["nonsense",3],"media":[{"alt":"x"},"url",{"url":"javascript:alert(1)"}],"#
        + #""variants":["MUG",{"sku":"A B","options":{"size":"XL","color":"red"},"prices":[{"amount":-1,"currency":"USD"},{"amount":1,"currency":"usd"},{"amount":1.5,"currency":"EUR"}]},"#
        + #"{"options":{"size":"S","fit":"a"},"tax_class":"none","weight_g":-1,"stock":-1,"colour":1}]}"#
      let reply = try await server.post("/v1/admin/products", body, Self.admin)
      #expect(reply.status == 422)
      #expect(reply["code"] == "invalid")
      #expect(
        reply.faults == [
          "/title": "empty", "/handle": "malformed", "/description": "mistyped", "/status": "not_allowed",
          "/attributes/Color!": "malformed",
          "/attributes/size": "mistyped", "/extra": "unknown_member", "/options/0/values/1": "duplicate",
          "/options/1": "mistyped",
          "/options/2/name": "required", "/options/2/values": "empty", "/options/3/values/1": "mistyped",
          "/category_ids/0": "unknown_reference", "/category_ids/1": "mistyped", "/media/0/url": "required",
          "/media/1": "mistyped",
          "/media/2/url": "malformed", "/variants/0": "mistyped", "/variants/1/sku": "malformed",
          "/variants/1/options/size": "not_allowed",
          "/variants/1/options/color": "not_allowed", "/variants/1/options/fit": "required", "/variants/1/options/": "required",
          "/variants/1/prices/0/amount": "out_of_range", "/variants/1/prices/1/currency": "not_allowed",
          "/variants/1/prices/2/amount": "mistyped",
          "/variants/2/sku": "required", "/variants/2/options/": "required", "/variants/2/tax_class": "not_allowed",
          "/variants/2/weight_g": "out_of_range", "/variants/2/stock": "out_of_range", "/variants/2/colour": "unknown_member",
        ])
      #expect(try server.database.query("SELECT count(*) FROM catalogue.product") == ["0"])
    }
  }

  @Test func `a body that is no product is told apart by what is wrong with it`() async throws {
    try await shop { server in
      for (body, status, code) in [
        ("", 400, "invalid_json"), ("{", 400, "invalid_json"), (#"{"title":"a","title":"b"}"#, 400, "invalid_json"),
        ("[]", 422, "invalid"),
        ("null", 422, "invalid"), ("{}", 422, "invalid"), (String(repeating: "[", count: 40), 400, "invalid_json"),
        (#"{"title":"\uD800"}"#, 400, "invalid_json"), (#"{"title":"a\u0000"}"#, 400, "invalid_json"),
      ] {
        let reply = try await server.post("/v1/admin/products", body, Self.admin)
        #expect(reply.status == status, "\(body): \(reply.text)")
        #expect(reply["code"] == code, "\(body)")
      }
      let typed = try await server.post("/v1/admin/products", Self.mug, Self.admin.merging(["Content-Encoding": "gzip"]) { $1 })
      #expect(typed.status == 415)
      let unknown = try await server.post(
        "/v1/admin/products",
        #"{"title":"Mug","category_ids":["cat_01j0000000000000000000zzzz"],"variants":[{"sku":"MUG"}]}"#, Self.admin)
      #expect(unknown.faults == ["/category_ids/0": "unknown_reference"], "\(unknown.text)")
    }
  }

  @Test func `a SKU is one variant's, and a refused product leaves nothing behind`() async throws {
    try await shop { server in
      _ = try await made(server)
      let other = #"{"title":"Cup","variants":[{"sku":"CUP","options":{},"prices":[]},{"sku":"MUG"}]}"#
      let twice = try await server.post("/v1/admin/products", other, Self.admin)
      #expect(twice.status == 422)  // two variants without options are the same
      let taken = try await server.post("/v1/admin/products", #"{"title":"Cup","variants":[{"sku":"MUG"}]}"#, Self.admin)
      #expect(taken.status == 409)
      #expect(taken["code"] == "sku_taken")
      #expect(try server.database.query("SELECT count(*) FROM catalogue.product") == ["1"])
      #expect(try server.database.query("SELECT count(*) FROM sales.stock_level") == ["1"])
    }
  }

  @Test func `a handle that was asked for must be free, one that was made from the title gives way`() async throws {
    try await shop { server in
      #expect(try await made(server)["handle"] == "mug")
      let second = try await made(server, Self.mug.replacing(#""MUG""#, with: #""MUG-2""#))
      let handle = try #require(second["handle"])
      #expect(handle.hasPrefix("mug-"))
      #expect(try await server.get("/v1/products/\(handle)")["id"] == second["id"])
      let asked = try await server.post(
        "/v1/admin/products", #"{"title":"Mug","handle":"mug","variants":[{"sku":"MUG-3"}]}"#, Self.admin)
      #expect(asked.status == 409)
      #expect(asked["code"] == "handle_taken")
      let nothing = try await server.post("/v1/admin/products", #"{"title":"漢","variants":[{"sku":"MUG-3"}]}"#, Self.admin)
      #expect(nothing.faults == ["/handle": "required"])
      // A product called as a part of the API is found like any other.
      let facets = try await made(server, Self.mug.replacing("Mug", with: "Facets").replacing("MUG", with: "FACETS"))
      #expect(facets["handle"] == "facets-product")
      #expect(try await server.get("/v1/products/facets-product").body == facets.body)
      for handle in ["facets", "Facets"] {
        let refused = try await server.patch(
          "/v1/admin/products/\(try #require(facets["id"]))", #"{"handle":"\#(handle)"}"#, try matching(facets))
        #expect(refused.faults == ["/handle": handle == "facets" ? "not_allowed" : "malformed"])
      }
    }
  }

  @Test func `of products made at once with one SKU and one title, one is made`() async throws {
    try await shop { server in
      let replies = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for _ in 0..<8 { group.addTask { try await server.post("/v1/admin/products", Self.mug, Self.admin) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count { $0.status == 201 } == 1)
      for reply in replies where reply.status != 201 {
        #expect(reply.status == 409, "\(reply.text)")
        #expect(reply["code"] == "sku_taken" || reply["code"] == "handle_taken", "\(reply.text)")
      }
    }
  }

  // MARK: Changing

  @Test func `a change touches what it names, and null takes away`() async throws {
    try await shop { server in
      let body =
        #"{"title":"Mug","status":"active","description":"Old","attributes":{"color":"red","size":"big"},"media":[{"url":"/1.jpg"}],"variants":[{"sku":"MUG","prices":[{"amount":1299,"currency":"USD"}]}]}"#
      var product = try await made(server, body)
      let path = try #require(product.fields["location"])
      func change(_ body: String) async throws -> TestServer.Reply {
        product = try await server.patch(path, body, try matching(product))
        #expect(product.status == 200, "\(product.text)")
        return product
      }
      let renamed = try await change(#"{"title":"Cup"}"#)
      #expect(renamed["title"] == "Cup")
      #expect(renamed["handle"] == "mug")
      #expect(renamed["description"] == "Old")
      #expect(renamed["version"] == "2")
      #expect(
        try await change(#"{"attributes":{"color":null,"fit":"wide"}}"#).text.contains(
          #""attributes":{"fit": "wide", "size": "big"}"#), "\(product.text)")
      #expect(try await server.get("/v1/products?filter[attribute.color]=red")["data"] == "0 elements")
      #expect(try await server.get("/v1/products?filter[attribute.fit]=wide")["data"] == "1 elements")
      #expect(try await change(#"{"attributes":{"never":null}}"#)["attributes", "fit"] == "wide")
      let bare = try await change(#"{"attributes":null,"description":null,"media":null,"category_ids":null}"#)
      #expect(bare.text.contains(#""attributes":{}"#))
      #expect(bare["description"] == "")
      #expect(bare["media"] == "0 elements")
      #expect(try await change(#"{"media":[{"url":"/2.jpg","alt":"Two"}],"handle":"cup"}"#)["media", "0", "alt"] == "Two")
      #expect(try await server.get("/v1/products/cup").status == 200)
      #expect(try await server.get("/v1/products/mug").status == 404)
      // Nothing to change is no new version.
      let version = product["version"]
      #expect(try await change("{}")["version"] == version)
      #expect(try await change(#"{"attributes":{}}"#)["version"] == version)
    }
  }

  @Test func `a change that is not allowed changes nothing`() async throws {
    try await shop { server in
      let product = try await made(server)
      let other = try await made(server, #"{"title":"Cup","variants":[{"sku":"CUP"}]}"#)
      #expect(other["handle"] == "cup")
      let path = try #require(product.fields["location"])
      let many = (0..<51).map { #""a\#($0)":"x""# }.joined(separator: ",")
      for (body, status, faults) in [
        (#"{"title":null}"#, 422, ["/title": "required"]),
        (#"{"handle":null,"status":null}"#, 422, ["/handle": "required", "/status": "required"]),
        (
          #"{"title":7,"status":"x","variants":[]}"#, 422,
          ["/title": "mistyped", "/status": "not_allowed", "/variants": "unknown_member"]
        ),
        (#"{"attributes":{"a":1,"B":null}}"#, 422, ["/attributes/a": "mistyped", "/attributes/B": "malformed"]),
        (#"{"attributes":{\#(many)}}"#, 422, ["/attributes": "too_many"]),
        (#"{"category_ids":["cat_01j0000000000000000000zzzz"]}"#, 422, ["/category_ids/0": "unknown_reference"]),
        (#"{"handle":"cup"}"#, 409, [:]),
        ("[]", 422, ["": "mistyped"]),
      ] as [(String, Int, [String: String])] {
        let reply = try await server.patch(path, body, try matching(product))
        #expect(reply.status == status, "\(reply.text)")
        #expect(reply.faults == faults, "\(body)")
      }
      #expect(try await server.get(path, Self.admin).body == product.body)
      let half = (0..<26).map { #""a\#($0)":"x""# }.joined(separator: ",")
      let first = try await server.patch(path, #"{"attributes":{\#(half)}}"#, try matching(product))
      #expect(first.status == 200)
      // It is what is there afterwards that counts.
      let second = try await server.patch(
        path, #"{"attributes":{\#(half.replacing(#""a"#, with: #""b"#))}}"#, try matching(first))
      #expect(second.faults == ["/attributes": "too_many"])
    }
  }

  @Test func `a change names the version that it is based on`() async throws {
    try await shop { server in
      let product = try await made(server)
      let path = try #require(product.fields["location"])
      let variant = try #require(product["variants", "0", "id"])
      for (method, target, body) in [
        ("PATCH", path, #"{"title":"Cup"}"#), ("PUT", "/v1/admin/variants/\(variant)/prices", #"{"prices":[]}"#),
      ] {
        let without = try await server.send(method, target, body, Self.admin)
        #expect(without.status == 428)
        #expect(without["code"] == "precondition_required")
        for tag in ["\"7\"", "W/\"1\"", "\"1.1\"", "\"\""] {
          let stale = try await server.send(method, target, body, Self.admin.merging(["If-Match": tag]) { $1 })
          #expect(stale.status == 412, "\(tag)")
        }
        for tag in ["1", "", "\"1", "\"1\" \"2\""] {
          let broken = try await server.send(method, target, body, Self.admin.merging(["If-Match": tag]) { $1 })
          #expect(broken.status == 400, "\(tag)")
          #expect(broken["code"] == "invalid_header")
        }
      }
      #expect(try await server.get(path, Self.admin)["version"] == "1")
      let listed = try await server.patch(path, #"{"title":"Cup"}"#, Self.admin.merging(["If-Match": "\"0\", \"1\""]) { $1 })
      #expect(listed["version"] == "2")
      let any = try await server.patch(path, #"{"title":"Bowl"}"#, Self.admin.merging(["If-Match": "*"]) { $1 })
      #expect(any["version"] == "3")
      #expect(any.fields["etag"] == "\"3\"")
      let raced = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<8 {
          group.addTask {
            try await server.patch(path, #"{"title":"Title \#(number)"}"#, Self.admin.merging(["If-Match": "\"3\""]) { $1 })
              .status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(raced.count { $0 == 200 } == 1)
      #expect(raced.count { $0 == 412 } == 7)
    }
  }

  @Test func `an archived product is gone for shoppers and stays for admins`() async throws {
    try await shop { server in
      let product = try await made(server)
      let path = try #require(product.fields["location"])
      let shopper = try await Shopper.enter(server)
      _ = try await shopper.add(try #require(product["variants", "0", "id"]))
      let stale = try await server.post(path + "/archive", "", Self.admin.merging(["If-Match": "\"9\""]) { $1 })
      #expect(stale.status == 412)
      let archived = try await server.post(path + "/archive", "", Self.admin)
      #expect(archived.status == 200, "\(archived.text)")
      #expect(archived["status"] == "archived")
      #expect(archived["version"] == "2")
      #expect(try await server.post(path + "/archive", "", Self.admin)["version"] == "2")
      for target in ["/v1/products/mug", "/v1/products/\(try #require(product["id"]))"] {
        let reply = try await server.get(target)
        #expect(reply.status == 404)
      }
      #expect(try await server.get("/v1/products")["data"] == "0 elements")
      #expect(try await server.get("/v1/search?q=mug")["data"] == "0 elements")
      #expect(try await server.get(path, Self.admin)["status"] == "archived")
      #expect(try await shopper.add(try #require(product["variants", "0", "id"])).status == 422)
    }
  }

  @Test func `ids that are not there are not found, whatever is asked of them`() async throws {
    try await shop { server in
      let product = try await made(server)
      let known = try #require(product["id"])
      let any = Self.admin.merging(["If-Match": "*"]) { $1 }
      for id in [
        "prod_01j0000000000000000000zzzz", "prod_", "mug", known.uppercased(), "%F0%9F%8D%AE", "var_" + known.dropFirst(5),
      ] {
        let replies = [
          try await server.get("/v1/admin/products/\(id)", Self.admin),
          try await server.patch("/v1/admin/products/\(id)", #"{"title":"x"}"#, any),
          try await server.post("/v1/admin/products/\(id)/archive", "", Self.admin),
          try await server.put("/v1/admin/variants/\(id)/prices", #"{"prices":[]}"#, any),
          try await server.get("/v1/admin/categories/\(id)", Self.admin),
          try await server.patch("/v1/admin/categories/\(id)", #"{"title":"x"}"#, any),
        ]
        for reply in replies.prefix(3) { #expect(reply.status == 404, "\(id)") }
        for reply in replies.dropFirst(3) where !id.hasPrefix("var_") { #expect(reply.status == 404, "\(id)") }
        #expect(Set(replies.map(\.textWithoutRequest)).count == 1, "\(id)")
      }
    }
  }

  // MARK: Prices

  @Test func `prices are put in place of all that a variant had, and a cart has them at once`() async throws {
    try await shop { server in
      let body =
        #"{"title":"Mug","status":"active","variants":[{"sku":"MUG","prices":[{"amount":1000,"currency":"USD"},{"amount":900,"currency":"EUR"}],"stock":5}]}"#
      let product = try await made(server, body)
      let variant = try #require(product["variants", "0", "id"])
      let shopper = try await Shopper.enter(server)
      let added = try await shopper.add(variant, 2)
      #expect(added["totals", "subtotal"] == "2000")
      let path = "/v1/admin/variants/\(variant)/prices"
      let put = try await server.put(
        path, #"{"prices":[{"amount":1100,"currency":"USD","compare_at_amount":1500},{"amount":150000,"currency":"JPY"}]}"#,
        try matching(product))
      #expect(put.status == 200, "\(put.text)")
      #expect(put["version"] == "2")
      #expect(put["variants", "0", "prices"] == "2 elements")
      #expect(put["variants", "0", "prices", "0", "currency"] == "JPY")
      #expect(put["variants", "0", "prices", "1", "compare_at_amount"] == "1500")
      #expect(try await shopper.look()["totals", "subtotal"] == "2200")
      #expect(try await server.get("/v1/products?sort=price&currency=EUR")["data"] == "0 elements")
      #expect(try await server.get("/v1/products?sort=price&currency=JPY")["data"] == "1 elements")
      #expect(try await server.get("/v1/products?filter[price.lte]=1099")["data"] == "0 elements")
      let euro = try await Shopper.enter(server, currency: "EUR", country: "DE")
      #expect(try await euro.add(variant).status == 422)
      for (body, faults) in [
        (#"{}"#, ["/prices": "required"]), (#"{"prices":null}"#, ["/prices": "required"]),
        (#"{"prices":[{"amount":1,"currency":"USD"},{"amount":2,"currency":"USD"}]}"#, ["/prices/1/currency": "duplicate"]),
        (
          #"{"prices":[{"amount":1},{"currency":"USD"},{"amount":"1","currency":"XXX"},4],"x":1}"#,
          [
            "/prices/0/currency": "required", "/prices/1/amount": "required", "/prices/2/amount": "mistyped",
            "/prices/2/currency": "not_allowed",
            "/prices/3": "mistyped", "/x": "unknown_member",
          ]
        ), (#"{"prices":[{"amount":1000000000001,"currency":"USD"}]}"#, ["/prices/0/amount": "out_of_range"]),
      ] as [(String, [String: String])] {
        let reply = try await server.put(path, body, try matching(put))
        #expect(reply.status == 422)
        #expect(reply.faults == faults, "\(body)")
      }
      let none = try await server.put(path, #"{"prices":[]}"#, try matching(put))
      #expect(none["variants", "0", "prices"] == "0 elements")
      #expect(none["price_range"] == nil)
    }
  }
}
