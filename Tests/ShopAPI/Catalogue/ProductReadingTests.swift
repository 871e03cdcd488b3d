import TestSupport
import Testing

/// One product, the category tree, and what clients may keep of them.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct ProductReadingTests {
  @Test func `a product is the same by id and by handle`() async throws {
    try await CatalogueScene.with { server in
      let item = CatalogueScene.items[2]
      let byHandle = try await server.get("/v1/products/\(item.handle)")
      #expect(byHandle.status == 200)
      let id = try #require(byHandle["id"])
      let byID = try await server.get("/v1/products/\(id)")
      #expect(byID.body == byHandle.body)
      #expect(byID["description"] == "Lies under any cup.")
      #expect(byID["categories", "0", "handle"] == "cups")
      #expect(byID["variants", "1", "product_id"] == id)
      #expect(byID["variants", "0", "availability"] == "low")
      #expect(byID["variants", "1", "availability"] == "out")
      #expect(byID["variants", "0", "prices"] == "2 elements")
      #expect(byID["attributes", "material", "1"] == "glass")
      #expect(byID["price_range", "max", "currency"] == "USD")
      #expect(try await server.get("/v1/products/\(id)?currency=EUR")["price_range", "max", "currency"] == "EUR")
      // Nothing is sold in yen: a price in another currency says more than none.
      #expect(try await server.get("/v1/products/\(id)?currency=JPY")["price_range", "max", "currency"] == "USD")
      #expect(try await server.get("/v1/products/\(id)?currency=dollars")["code"] == "invalid_parameter")
      #expect(try await server.get("/v1/products/\(id)?limit=1")["code"] == "unknown_parameter")
    }
  }

  @Test func `what is unknown, malformed, a draft or archived is not found, all in the same words`() async throws {
    try await CatalogueScene.with { server in
      let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
      let known = try #require(try await server.get("/v1/products/item-1")["id"])
      var references = [
        "prod_01j0000000000000000000zzzz", "prod_", "prod_!", String(known.dropLast()), known + "0", known.uppercased(),
        known.replacing("prod_", with: "var_"), "item-40", "item-41", "item-42", "item-43", "Item-1", "item--1", "-", "%2F",
        "item-1%20",
        "%F0%9F%8D%AE", "%27", String(repeating: "a", count: 2_000), "..%2Fadmin",
      ]
      for number in [40, 42] {
        let hidden = try WireID.text("prod_", CatalogueScene.items[number].id)
        #expect(try await server.get("/v1/admin/products/\(hidden)", admin)["handle"] == "item-\(number)")
        references.append(hidden)
      }
      let missing = try await server.get("/v1/products/missing")
      #expect(missing.fields["content-type"] == "application/problem+json")
      #expect(missing["code"] == "not_found")
      for reference in references {
        let reply = try await server.get("/v1/products/\(reference)")
        #expect(reply.status == 404, "\(reference)")
        #expect(reply.textWithoutRequest == missing.textWithoutRequest, "\(reference)")
        #expect(reply["instance"] != nil)
      }
    }
  }

  @Test func `no listing, facet or search shows what is not active`() async throws {
    try await CatalogueScene.with { server in
      let hidden = Set(CatalogueScene.items.filter { $0.status != "active" }.map(\.handle))
      for target in [
        "/v1/products?limit=100", "/v1/products?limit=100&filter[in_stock]=false&sort=price", "/v1/search?q=made&limit=100",
      ] {
        let page = try await server.get(target).decoded(ProductPage.self)
        #expect(!page.handles.isEmpty)
        #expect(hidden.isDisjoint(with: page.handles), "\(target)")
      }
    }
  }

  @Test func `categories come as a tree, by place and title`() async throws {
    struct Node: Decodable, Equatable {
      let handle: String
      let children: [Node]
    }
    struct Tree: Decodable { let data: [Node] }
    try await CatalogueScene.with { server in
      let reply = try await server.get("/v1/categories")
      let mugs = Node(handle: "mugs", children: [])
      #expect(
        try reply.decoded(Tree.self).data == [
          Node(handle: "kitchen", children: [Node(handle: "cups", children: [mugs])]), Node(handle: "rugs", children: []),
          Node(handle: "empty", children: []),
        ])
      #expect(reply["data", "0", "parent_id"] == nil)
      #expect(reply["data", "0", "children", "0", "parent_id"] == reply["data", "0", "id"])
      #expect(try await server.get("/v1/categories?limit=1")["code"] == "unknown_parameter")
    }
  }

  // MARK: Conditions

  private static let targets = [
    "/v1/products/item-1", "/v1/products?limit=3", "/v1/products/facets", "/v1/search?q=cup", "/v1/categories",
    "/v1/categories/kitchen/products",
  ]

  @Test func `a client that has the present answer is told so without a body`() async throws {
    try await CatalogueScene.with { server in
      for target in Self.targets {
        let whole = try await server.get(target)
        let tag = try #require(whole.fields["etag"])
        #expect(whole.fields["cache-control"]?.contains("max-age=") == true)
        for condition in [tag, "W/\(tag)", "*", "\"other\", \(tag)", "\"other\",W/\(tag) , \"more\"", ",\(tag),"] {
          let reply = try await server.get(target, ["If-None-Match": condition])
          #expect(reply.status == 304, "\(condition)")
          #expect(reply.body.isEmpty)
          for name in ["etag", "cache-control", "link"] { #expect(reply.fields[name] == whole.fields[name]) }
        }
        // What is no list of tags is no condition that could hold.
        for condition in ["\"other\"", "W/\"other\"", String(tag.dropFirst().dropLast()), "\(tag) x", "", "\"*\""] {
          let reply = try await server.get(target, ["If-None-Match": condition])
          #expect(reply.status == 200, "\(condition)")
          #expect(reply.body == whole.body)
        }
        let head = try await server.send("HEAD", target, nil, [:])
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        for name in ["etag", "cache-control", "link", "content-type"] { #expect(head.fields[name] == whole.fields[name]) }
        #expect(head.fields["content-length"] == "\(whole.body.count)")
        #expect(try await server.send("HEAD", target, nil, ["If-None-Match": tag]).status == 304)
      }
    }
  }

  @Test func `a tag changes with what it is of, stock and prices and categories too`() async throws {
    try await CatalogueScene.with(settings: ["SHOP_CATALOGUE_CACHE": "off"]) { server in
      let targets = ["/v1/products/item-2", "/v1/products?category=kitchen&limit=100"]
      func tags() async throws -> [String?] {
        var tags: [String?] = []
        for target in targets { tags.append(try await server.get(target).fields["etag"]) }
        return tags
      }
      var seen = Set([try await tags()])
      let id = CatalogueScene.items[2].id
      let refresh = "SELECT catalogue.refresh(ARRAY['\(id)'::uuid]);"
      for sql in [
        "UPDATE sales.stock_level SET on_hand = 100 WHERE variant_id = '\(id.replacing("-8000-", with: "-9000-"))'",
        "UPDATE catalogue.price SET amount = amount + 1 WHERE variant_id = '\(id.replacing("-8000-", with: "-9000-"))'; \(refresh)",
        "UPDATE catalogue.category SET title = 'Kitchenware' WHERE handle = 'kitchen'; \(refresh)",
      ] {
        try server.database.execute(sql)
        let now = try await tags()
        #expect(seen.insert(now).inserted, "\(sql)")
        for tag in now { #expect(tag != nil) }
      }
      // A currency is part of what is shown.
      #expect(
        try await server.get("/v1/products/item-2?currency=EUR").fields["etag"]
          != (try await server.get("/v1/products/item-2")).fields["etag"])
    }
  }

  @Test func `a refusal is not kept by anyone`() async throws {
    try await CatalogueScene.with { server in
      for target in ["/v1/products/missing", "/v1/products?limit=0"] {
        let reply = try await server.get(target, ["If-None-Match": "*"])
        #expect(reply.status >= 400)
        #expect(reply.fields["cache-control"] == "no-store")
        #expect(reply.fields["etag"] == nil)
      }
    }
  }
}
