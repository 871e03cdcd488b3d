import Foundation
import TestSupport
import Testing

/// SHOP_SEARCH_LANGUAGE, from the setting to what shoppers find.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct SearchLanguageTests {
  private static let migrations = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Migrations")
    .standardized.path

  private func migrate(_ database: TestDatabase, _ language: String?) throws -> ShopRun {
    var settings = ["SHOP_DATABASE_URL": database.url, "SHOP_MIGRATIONS": Self.migrations]
    settings["SHOP_SEARCH_LANGUAGE"] = language
    return try ShopRun(["migrate"], settings)
  }

  private func found(_ shop: TestServer, _ words: String) async throws -> String? {
    try await shop.get("/v1/search?q=\(words)")["data", "0", "title"]
  }

  @Test func `a German catalogue finds houses by house`() async throws {
    try await TestServer.with(settings: ["SHOP_CATALOGUE_CACHE": "off"]) { shop in
      try await Merchant(shop).sell([Merchant.Goods("DE-1", ["EUR": 1_000])], title: "Alte Häuser")
      #expect(try await found(shop, "Haus") == nil)
      let ended = try migrate(shop.database, "german")
      #expect(ended.status == 0 && ended.output.contains("The search is in german from now on."), "\(ended)")
      #expect(try await found(shop, "Haus") == "Alte Häuser")
      #expect(try await found(shop, "altes+Haus") == "Alte Häuser")
      // What is sold from now on is in it, too.
      try await Merchant(shop).sell([Merchant.Goods("DE-2", ["EUR": 1_000])], title: "Junge Bäume")
      #expect(try await found(shop, "Baum") == "Junge Bäume")
    }
  }

  @Test func `a language that stays the same rebuilds nothing`() throws {
    let database = try TestDatabase()
    #expect(try migrate(database, "german").output.contains("The search is in german from now on."))
    try database.execute(
      """
      INSERT INTO catalogue.product (id, handle, title, status) VALUES (gen_random_uuid(), 'haus', 'Haus', 'active');
      SELECT catalogue.refresh(array_agg(id)) FROM catalogue.product;
      """)
    let rows = "SELECT xmin FROM catalogue.product_search UNION ALL SELECT xmin FROM catalogue.product_snapshot"
    let before = try database.query(rows)
    #expect(before.count == 2)
    let again = try migrate(database, "german")
    #expect(again.status == 0 && !again.output.contains("search"), "\(again)")
    #expect(try database.query(rows) == before)
    // English is what a setting that is not there means.
    #expect(try migrate(database, nil).output.contains("The search is in english from now on."))
    #expect(try database.query(rows) != before)
  }

  @Test func `a language that PostgreSQL does not have is told, with those that it has`() async throws {
    let database = try TestDatabase()
    let ended = try migrate(database, "klingon")
    #expect(ended.status == 1)
    #expect(ended.complaints.contains("no text search configuration \"klingon\""), "\(ended)")
    #expect(ended.complaints.contains("german, greek"))
    let malformed = try migrate(database, "German!")
    #expect(malformed.status == 78 && malformed.complaints.contains("SHOP_SEARCH_LANGUAGE: "), "\(malformed)")
    await #expect { try await TestServer.start(database: database, settings: ["SHOP_SEARCH_LANGUAGE": "klingon"]) } throws: {
      "\($0)".contains("no text search configuration \"klingon\"")
    }
  }

  @Test func `a shop that is asked for another language than its database serves, and warns`() async throws {
    let database = try TestDatabase()
    let process = try ShopProcess(["serve"], ShopProcess.settings(database, ["SHOP_SEARCH_LANGUAGE": "german"]))
    try await process.line(saying: "the search is in another language: run `shop migrate`")
    try await process.line(saying: "ready")
    #expect(try await process.terminate() == 0)
    #expect(try database.query("SELECT text_search FROM catalogue.setting") == ["english"])
  }
}
