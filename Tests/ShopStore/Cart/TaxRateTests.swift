import Foundation
import TestSupport
import Testing

/// docs/tax-rates.md names the source of every rate; here it is held against what the migrations load.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct TaxRateTests {
  /// The cells of the rows whose first cell is a code of two letters, of one section.
  private func rows(below heading: String) throws -> [[String]] {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/tax-rates.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) })
    return section.split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
    }.filter { $0.first?.wholeMatch(of: /[A-Z]{2}/) != nil }
  }

  /// "25.5" as the database has it: 255000.
  private func millionths(_ percent: String) throws -> String {
    let value = try #require(Decimal(string: percent))
    return "\(value * 10_000)"
  }

  @Test func `the countries' rates are those that the page gives a source for`() throws {
    let written = try rows(below: "Countries").map { row in
      "\(row[0])|\(try millionths(row[1]))|\(try millionths(row[2]))|0|\(row[3] == "yes" ? "t" : "f")"
    }
    let loaded = try TestDatabase().query(
      """
      SELECT country, max(rate_ppm) FILTER (WHERE tax_class = 'standard'), max(rate_ppm) FILTER (WHERE tax_class = 'reduced'),
             max(rate_ppm) FILTER (WHERE tax_class = 'zero'), bool_and(inclusive)
        FROM sales.tax_rate GROUP BY country
      """)
    #expect(written.count == 43)
    #expect(written.sorted() == loaded.sorted())
  }

  @Test(arguments: [("CA", "Canada, by province"), ("US", "United States, by state")])
  func `the regions' rates are those that the page gives a source for`(country: String, heading: String) throws {
    let written = try rows(below: heading).map { "\($0[0])|\(try millionths($0[1]))" }
    let loaded = try TestDatabase().query(
      "SELECT region, rate_ppm FROM sales.tax_region_rate WHERE country = '\(country)' AND tax_class = 'standard'")
    #expect(written.sorted() == loaded.sorted())
  }
}
