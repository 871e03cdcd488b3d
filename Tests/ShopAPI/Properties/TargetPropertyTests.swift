import ShopService
import TestSupport
import Testing

/// Whatever stands in a path, a query or a cursor, the answer is one that the contract knows.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct TargetPropertyTests {
  private static let admin = ["Authorization": "Bearer \(TestServer.adminKey)"]

  /// Sends the target as it is; every byte that a request line cannot hold must be escaped by now.
  private func check(_ server: TestServer, _ target: String, _ note: String) async throws -> TestServer.Reply {
    let reply = try await server.get(target, Self.admin)
    #expect(reply.status < 500, "\(note), seed \(SeededGenerator.seed): \(target): \(reply.text)")
    if reply.status >= 400 {
      #expect(reply.fields["content-type"] == "application/problem+json", "\(note), seed \(SeededGenerator.seed): \(target)")
    }
    return reply
  }

  /// Percent-encoded, for the most part.
  private static func escaped(_ bytes: [UInt8], _ random: inout SeededGenerator) -> String {
    bytes.map { byte in
      let isPlain = (0x21...0x7E).contains(byte) && !"#%?/\\ ".utf8.contains(byte)
      if isPlain, random.isHit(oneIn: 2) { return String(Unicode.Scalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: random.isHit(oneIn: 2))
      return random.isHit(oneIn: 200) ? "%" : "%" + (digits.count == 1 ? "0" + digits : digits)
    }.joined()
  }

  @Test func `no id in a path makes a read fail`() async throws {
    let patterns = try RouteList.lines(.all).map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
      .filter { $0[0] == "GET" && $0[1].contains("{") }.map { $0[1] }
    #expect(patterns.count >= 8)
    try await CatalogueScene.with { server in
      var random = SeededGenerator("ids")
      let known = try #require(try await server.get("/v1/products/item-1")["id"])
      for pattern in patterns {
        for _ in 0..<60 {
          var id = Array(
            (random.isHit(oneIn: 2) ? known : random.one(of: ["item-1", "kitchen", "var_" + known.dropFirst(5), "ord_0"])).utf8)
          for _ in 0..<random.below(4) {
            let place = random.below(id.count)
            switch random.below(5) {
            case 0: id[place] = UInt8.random(in: 0...255, using: &random)
            case 1: id.removeLast(random.below(id.count))
            case 2: id.insert(contentsOf: random.bytes(upTo: 6), at: place)
            case 3: id = Array(String(decoding: id, as: UTF8.self).uppercased().utf8)
            default: id += id.prefix(400)
            }
            if id.isEmpty { id = [0x2E] }
          }
          let target = pattern.replacing(/\{[a-z_]+\}/, with: Self.escaped(id, &random))
          let reply = try await check(server, target, pattern)
          #expect([200, 304, 400, 401, 403, 404, 405, 414].contains(reply.status), "\(target): \(reply.text)")
        }
      }
      #expect(try await server.get("/v1/products/item-1").status == 200)
    }
  }

  @Test func `no query makes a read fail`() async throws {
    let names = [
      "category", "filter[attribute.color]", "filter[attribute.material]", "filter[attribute.x_y-1]", "filter[price.gte]",
      "filter[price.lte]",
      "filter[in_stock]", "currency", "sort", "limit", "after", "count", "q", "variant_id", "status", "code", "nonsense", "",
      "filter[",
      "filter[]",
      "filter[attribute.]", "filter[attribute.Ä]",
    ]
    let values = [
      "", "0", "1", "-1", "24", "100", "101", "9007199254740992", "99999999999999999999", "1.5", "true", "false", "red",
      "red,blue", "red,,blue", ",",
      "kitchen", "cups", "USD", "EUR", "usd", "price", "-price", "title", "-title", "-created_at", "created_at", "exact",
      "estimate", "cup", "\"cup", "cup -rug",
      "cup or rug", "'", "\\", "*", "a:b & !c | (d", "🍮", "é", "\u{202E}", "var_01j0000000000000000000zzzz", "confirmed",
      String(repeating: "x", count: 300),
    ]
    let paths = [
      "/v1/products", "/v1/products/facets", "/v1/search", "/v1/categories", "/v1/categories/kitchen/products",
      "/v1/products/item-1",
      "/v1/admin/stock-levels", "/v1/admin/orders", "/v1/admin/categories", "/v1/admin/discount-codes",
    ]
    try await CatalogueScene.with { server in
      var random = SeededGenerator("queries")
      for path in paths {
        for _ in 0..<120 {
          var parts: [String] = []
          for _ in 0..<random.below(5) {
            let name = random.isHit(oneIn: 20) ? random.bytes(upTo: 12) : Array(random.one(of: names).utf8)
            let value = random.isHit(oneIn: 10) ? random.bytes(upTo: 40) : Array(random.one(of: values).utf8)
            let equals = random.isHit(oneIn: 20) ? "" : "="
            parts.append(
              Self.escaped(name.filter { $0 != 0x26 }, &random) + equals
                + Self.escaped(value, &random).replacing("&", with: "%26"))
          }
          _ = try await check(server, path + "?" + parts.joined(separator: random.isHit(oneIn: 20) ? "&&" : "&"), path)
        }
      }
      #expect(try await server.get("/v1/products").status == 200)
    }
  }

  @Test func `a search that parses as anything is answered`() async throws {
    try await CatalogueScene.with { server in
      var random = SeededGenerator("searches")
      let pieces = [
        "cup", "rug", " ", "\"", "-", "or", "OR", "&", "|", "!", "(", ")", ":", "*", ":*", "<->", "<2>", "'", "\\", "the", "🍮",
        "é", "_", "%", "$1", "--", "/", "@", ".", "1e9",
      ]
      for _ in 0..<300 {
        let text = (0..<(1 + random.below(12))).map { _ in random.one(of: pieces) }.joined(
          separator: random.isHit(oneIn: 2) ? " " : "")
        let reply = try await check(
          server,
          "/v1/search?q=" + Self.escaped(Array(text.utf8), &random).replacing("&", with: "%26").replacing("+", with: "%2B"), text)
        #expect(reply.status == 200 || reply.status == 400, "\(text): \(reply.text)")
      }
    }
  }

  @Test func `no cursor but the shop's own is taken`() async throws {
    try await CatalogueScene.with { server in
      var random = SeededGenerator("cursors")
      for (target, list) in [
        ("/v1/products?limit=2", "page"), ("/v1/search?q=cup&limit=2", "page"), ("/v1/admin/stock-levels?limit=2", "page"),
      ] {
        let cursor = Array(try #require(try await server.get(target, Self.admin)[list, "next"]).utf8)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for _ in 0..<120 {
          var changed = cursor
          switch random.below(5) {
          case 0: changed[random.below(changed.count)] = random.one(of: alphabet)
          case 1: changed.removeLast(1 + random.below(changed.count - 1))
          case 2: changed = (0..<random.below(200)).map { _ in random.one(of: alphabet) }
          case 3: changed.insert(random.one(of: alphabet), at: random.below(changed.count))
          default: changed.swapAt(random.below(changed.count), random.below(changed.count))
          }
          let reply = try await check(server, "\(target)&after=\(String(decoding: changed, as: UTF8.self))", target)
          #expect(reply.status == (changed == cursor ? 200 : 400), "\(target): \(String(decoding: changed, as: UTF8.self))")
        }
      }
    }
  }
}
