import TestSupport
import Testing

/// The tree of categories as admins make and move it.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CategoryAdminTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]
  private static let any = admin.merging(["If-Match": "*"]) { $1 }

  private func shop(_ body: (TestServer) async throws -> Void) async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"], body)
  }

  private func category(_ server: TestServer, _ title: String, under parent: String? = nil) async throws -> String {
    let place = parent.map { #","parent_id":"\#($0)""# } ?? ""
    let made = try await server.post("/v1/admin/categories", #"{"title":"\#(title)"\#(place)}"#, Self.admin)
    #expect(made.status == 201, "\(made.text)")
    return try #require(made["id"])
  }

  private func product(_ server: TestServer, _ title: String, in category: String) async throws {
    let body =
      #"{"title":"\#(title)","status":"active","category_ids":["\#(category)"],"variants":[{"sku":"\#(title)","prices":[{"amount":1,"currency":"USD"}]}]}"#
    let made = try await server.post("/v1/admin/products", body, Self.admin)
    #expect(made.status == 201, "\(made.text)")
  }

  private func titles(_ server: TestServer, in category: String) async throws -> Set<String> {
    Set(try await server.get("/v1/categories/\(category)/products").decoded(ProductPage.self).handles)
  }

  @Test func `a category is made, read and changed`() async throws {
    try await shop { server in
      let made = try await server.post("/v1/admin/categories", #"{"title":"Küche & Bad","position":3}"#, Self.admin)
      #expect(made.status == 201)
      #expect(made["handle"] == "kueche-and-bad")
      #expect(made["parent_id"] == nil)
      #expect(made["version"] == "1")
      let path = try #require(made.fields["location"])
      #expect(path == "/v1/admin/categories/\(try #require(made["id"]))")
      #expect(try await server.get(path, Self.admin).body == made.body)
      #expect(try await server.get("/v1/admin/categories", Self.admin)["data"] == "1 elements")
      let changed = try await server.patch(path, #"{"title":"Kitchen"}"#, Self.admin.merging(["If-Match": "\"1\""]) { $1 })
      #expect(changed["title"] == "Kitchen")
      #expect(changed["handle"] == "kueche-and-bad")
      #expect(changed["position"] == "3")
      #expect(changed.fields["etag"] == "\"2\"")
      #expect(try await server.get("/v1/categories")["data", "0", "title"] == "Kitchen")
      #expect(try await server.patch(path, #"{"title":"x"}"#, Self.admin).status == 428)
      #expect(try await server.patch(path, #"{"title":"x"}"#, Self.admin.merging(["If-Match": "\"1\""]) { $1 }).status == 412)
    }
  }

  @Test func `what is wrong with a category is told with its place`() async throws {
    try await shop { server in
      let id = try await category(server, "Cups")
      for (body, status, faults) in [
        ("{}", 422, ["/title": "required"]),
        (
          #"{"title":"","handle":"A","position":-1,"parent_id":"cat_x"}"#, 422,
          [
            "/title": "empty", "/handle": "malformed", "/position": "out_of_range", "/parent_id": "unknown_reference",
          ]
        ), (#"{"title":"a","parent_id":"cat_01j0000000000000000000zzzz"}"#, 422, ["/parent_id": "unknown_reference"]),
        (#"{"title":"a","children":[]}"#, 422, ["/children": "unknown_member"]),
        (#"{"title":"漢"}"#, 422, ["/handle": "required"]),
        (#"{"title":"Cups"}"#, 409, [:]),
      ] as [(String, Int, [String: String])] {
        let reply = try await server.post("/v1/admin/categories", body, Self.admin)
        #expect(reply.status == status, "\(reply.text)")
        #expect(reply.faults == faults, "\(body)")
      }
      _ = try await category(server, "Mugs")
      for (body, status, faults) in [
        (#"{"title":null,"handle":null}"#, 422, ["/title": "required", "/handle": "required"]), (#"{"handle":"mugs"}"#, 409, [:]),
        (#"{"position":"1"}"#, 422, ["/position": "mistyped"]), (#"{"parent_id":"\#(id)"}"#, 422, ["/parent_id": "conflicting"]),
      ] as [(String, Int, [String: String])] {
        let reply = try await server.patch("/v1/admin/categories/\(id)", body, Self.any)
        #expect(reply.status == status, "\(reply.text)")
        #expect(reply.faults == faults, "\(body)")
      }
    }
  }

  @Test func `a category with thousands of products is renamed and moved within a write's time`() async throws {
    // Its worker begins when the change is made.
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { server in
      let (home, garden) = (try await category(server, "Home"), try await category(server, "Garden"))
      let cups = try await category(server, "Cups", under: home)
      try await product(server, "First", in: cups)
      let count = 7_000
      try server.database.execute(
        """
        INSERT INTO catalogue.product (id, handle, title, description, status, attributes)
        SELECT gen_random_uuid(), 'cup-' || n, 'Cup ' || n, '', 'active', '{}' FROM generate_series(1, \(count)) n;
        INSERT INTO catalogue.product_category (product_id, category_id, position)
        SELECT p.id, c.id, 0 FROM catalogue.product p, catalogue.category c WHERE p.handle LIKE 'cup-%' AND c.handle = 'cups';
        SELECT catalogue.refresh(array_agg(id)) FROM catalogue.product
        """)
      #expect(try await server.get("/v1/products/cup-7")["categories", "0", "title"] == "Cups")

      let renamed = try await server.patch("/v1/admin/categories/\(cups)", #"{"title":"Mugs"}"#, Self.any)
      #expect(renamed.status == 200, "\(renamed.text)")
      #expect(try await server.get("/v1/categories")["data", "1", "children", "0", "title"] == "Mugs")
      let moved = try await server.patch("/v1/admin/categories/\(cups)", #"{"parent_id":"\#(garden)"}"#, Self.any)
      #expect(moved.status == 200, "\(moved.text)")
      #expect(try server.database.query("SELECT count(*) FROM catalogue.waiting_refresh") == ["\(count + 1)"])
      // Another process does the clock's work.
      try await TestServer.with(database: server.database) { _ in
        try await until("every page shows it") {
          try server.database.query("SELECT count(*) FROM catalogue.waiting_refresh") == ["0"]
        }
      }
      #expect(try await server.get("/v1/categories/garden/products?count=exact&limit=1")["count"] == "\(count + 1)")
      #expect(try await server.get("/v1/categories/home/products?count=exact&limit=1")["count"] == "0")
      #expect(try await server.get("/v1/products/cup-4711")["categories", "0", "title"] == "Mugs")
    }
  }

  @Test func `a category moves with all below it, and its products are found where it stands now`() async throws {
    try await shop { server in
      let (home, garden) = (try await category(server, "Home"), try await category(server, "Garden"))
      let cups = try await category(server, "Cups", under: home)
      let mugs = try await category(server, "Mugs", under: cups)
      try await product(server, "mug", in: mugs)
      try await product(server, "cup", in: cups)
      #expect(try await titles(server, in: "home") == ["mug", "cup"])
      let moved = try await server.patch("/v1/admin/categories/\(cups)", #"{"parent_id":"\#(garden)"}"#, Self.any)
      #expect(moved["parent_id"] == garden, "\(moved.text)")
      #expect(try await titles(server, in: "home") == [])
      #expect(try await titles(server, in: "garden") == ["mug", "cup"])
      #expect(try await titles(server, in: "mugs") == ["mug"])
      let top = try await server.patch("/v1/admin/categories/\(mugs)", #"{"parent_id":null,"title":"Beakers"}"#, Self.any)
      #expect(top["parent_id"] == nil)
      #expect(try await titles(server, in: "garden") == ["cup"])
      #expect(try await server.get("/v1/products/mug")["categories", "0", "title"] == "Beakers")
      let facets = try await server.get("/v1/products/facets")
      #expect(facets["categories"] == "3 elements", "\(facets.text)")
    }
  }

  @Test func `no category comes to stand below itself, however moves race`() async throws {
    try await shop { server in
      let first = try await category(server, "First")
      let second = try await category(server, "Second", under: first)
      let third = try await category(server, "Third", under: second)
      for below in [first, second, third] {
        let reply = try await server.patch("/v1/admin/categories/\(first)", #"{"parent_id":"\#(below)"}"#, Self.any)
        #expect(reply.faults == ["/parent_id": "conflicting"], "\(reply.text)")
      }
      for round in 0..<5 {
        let (left, right) = (try await category(server, "Left \(round)"), try await category(server, "Right \(round)"))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for (id, parent) in [(left, right), (right, left)] {
            group.addTask {
              try await server.patch("/v1/admin/categories/\(id)", #"{"parent_id":"\#(parent)"}"#, Self.any).status
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 422])
      }
    }
  }

  @Test func `a tree has eight levels at most`() async throws {
    try await shop { server in
      var path = [try await category(server, "Level 1")]
      for level in 2...8 { path.append(try await category(server, "Level \(level)", under: path.last)) }
      let deeper = try await server.post("/v1/admin/categories", #"{"title":"Level 9","parent_id":"\#(path[7])"}"#, Self.admin)
      #expect(deeper.faults == ["/parent_id": "out_of_range"])
      let top = try await category(server, "Top")
      let moved = try await server.patch("/v1/admin/categories/\(path[0])", #"{"parent_id":"\#(top)"}"#, Self.any)
      #expect(moved.faults == ["/parent_id": "out_of_range"])
      let part = try await server.patch("/v1/admin/categories/\(path[1])", #"{"parent_id":"\#(top)"}"#, Self.any)
      #expect(part.status == 200)
    }
  }
}
