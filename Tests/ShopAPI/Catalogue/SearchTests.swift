import TestSupport
import Testing

/// Full-text search: words in any form, best first.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct SearchTests {
  private func handles(_ server: TestServer, _ query: String) async throws -> [String] {
    let reply = try await server.get("/v1/search?limit=100&q=\(query)")
    #expect(reply.status == 200, "\(query): \(reply.text)")
    return try reply.decoded(ProductPage.self).handles
  }

  private static func numbers(_ passes: (CatalogueScene.Item) -> Bool) -> Set<String> {
    Set(CatalogueScene.active.filter(passes).map(\.handle))
  }

  @Test func `a word is found in its other forms and in any case`() async throws {
    try await CatalogueScene.with { server in
      let cups = Self.numbers { $0.title.lowercased().contains("cup") || $0.description.contains("cup") }
      let expected: [(String, Set<String>)] = [
        ("rugs", Self.numbers { $0.title == "Zebra Rug" }),
        // Words of which all must be there, a phrase, an alternative, an exclusion.
        ("blue+cup", Self.numbers { $0.title.lowercased() == "blue cup" || $0.color == "blue" && cups.contains($0.handle) }),
        ("%22zebra+rug%22", Self.numbers { $0.title == "Zebra Rug" }), ("%22rug+zebra%22", []),
        ("rug+or+tray", Self.numbers { $0.title == "Zebra Rug" || $0.title == "apple Tray" }),
        ("cup+-saucer+-rug", Self.numbers { $0.title.lowercased() == "blue cup" }),
        ("sku-7-s", ["item-7"]), ("glass", Self.numbers { $0.materials.contains("glass") }),
      ]
      for (query, wanted) in expected + ["cup", "cups", "CUP", "Cup%27s", "+cup+", "cup.", "(cup)"].map({ ($0, cups) }) {
        let found = try await handles(server, query)
        #expect(Set(found) == wanted, "\(query)")
        #expect(found.count == wanted.count, "\(query)")
      }
    }
  }

  @Test func `a word in the title counts for more than one in the description`() async throws {
    try await CatalogueScene.with { server in
      let found = try await handles(server, "cup")
      let inTitle = Self.numbers { $0.title.lowercased().contains("cup") }
      #expect(Set(found.prefix(inTitle.count)) == inTitle)
      #expect(found.count > inTitle.count)
    }
  }

  @Test func `pages of a search show every hit once and in one order`() async throws {
    try await CatalogueScene.with { server in
      let all = try await handles(server, "cup")
      for limit in [1, 3, all.count] {
        var found: [String] = []
        var cursor: String?
        repeat {
          let reply = try await server.get("/v1/search?q=cup&limit=\(limit)" + (cursor.map { "&after=\($0)" } ?? ""))
          let page = try reply.decoded(ProductPage.self)
          #expect(page.data.count <= limit)
          #expect(page.page.prev == nil)
          found += page.handles
          cursor = page.page.next
          #expect((reply.fields["link"] != nil) == (cursor != nil))
        } while cursor != nil && found.count <= all.count
        #expect(found == all)
      }
    }
  }

  @Test func `a search without hits is an empty page`() async throws {
    try await CatalogueScene.with { server in
      let reply = try await server.get("/v1/search?q=nonsuch")
      #expect(reply.status == 200)
      #expect(reply.text == #"{"data":[],"page":{"next":null,"prev":null}}"#)
      #expect(reply.fields["link"] == nil)
    }
  }

  private static let odd = [
    "%22", "%22%22", "%22cup", "cup%22%22", "-", "--cup", "-cup", "or", "or+or", "cup+or", "%26", "cup+%26+%7C+!rug", "%3A*",
    "cup%3A*", "cup%3AA",
    "()", "(cup", "%5C", "cup%5C", "%27", "%27%27cup", "%3C-%3E", "cup+%3C2%3E+rug", "the", "the+a+of", "%F0%9F%8D%AE",
    "%E2%80%8B", "%25", "%3B--", "$1",
    "%7F", "%01", "1e999", "-1", "caf%C3%A9", "%D9%83%D9%88%D8%A8", "https://shop.test/a?b=c%26d", "a@b.c", "/etc/passwd",
    "1.2.3", "cup%0Acup",
  ]

  @Test func `odd input is only words that may not be found`() async throws {
    try await CatalogueScene.with { server in
      for query in Self.odd { _ = try await handles(server, query) }
    }
  }

  @Test func `a search is of 1 to 256 characters`() async throws {
    try await CatalogueScene.with { server in
      _ = try await handles(server, String(repeating: "a", count: 256))
      _ = try await handles(server, String(repeating: "a+", count: 128))
      _ = try await handles(server, String(repeating: "%C3%A9", count: 256))
      _ = try await handles(server, String(repeating: "-%22", count: 128))
      for query in [
        "q=" + String(repeating: "a", count: 257), "q=" + String(repeating: "%C3%A9", count: 257), "q=", "q=+", "q=%09%0A", "",
        "q=%00", "q=%FF", "q=a&q=b",
      ] {
        let reply = try await server.get("/v1/search?\(query)")
        #expect(reply.status == 400, "\(query)")
        #expect(reply["code"] == "invalid_parameter", "\(query)")
      }
      #expect(try await server.get("/v1/search?q=a&sort=title")["code"] == "unknown_parameter")
      #expect(try await server.get("/v1/search?q=a&limit=0")["code"] == "invalid_parameter")
      #expect(try await server.get("/v1/search?q=a&after=b")["code"] == "invalid_cursor")
    }
  }
}
