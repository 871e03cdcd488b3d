import Shop
import Testing

@Suite struct ImportRowTests {
  private let shirt = [
    "00096972-5f6b-44df-917b-f7d21ae5644c", "APP-SHIRT-00096972", "Sunlit Serenity Linen Shirt", "apparel", "shirt", "Linen.",
    "89.99",
    "USD", "11", "00096972-5f6b-44df-917b-f7d21ae5644c.jpg", "F",
  ]

  private func imported(_ fields: [String]) throws -> ImportRow.Imported {
    try #require(ImportRow(fields)).imported(mediaBase: "https://images.example/").get()
  }

  private func flaws(_ fields: [String]) throws -> [String] {
    guard case .failure(let flaws) = try #require(ImportRow(fields)).imported() else { return [] }
    return flaws.all.map(\.column)
  }

  private func changed(_ column: String, _ text: String) throws -> [String] {
    var fields = shirt
    fields[try #require(ImportRow.columns.firstIndex(of: column))] = text
    return fields
  }

  @Test func `a row of a merchant's file becomes a product with its place and attribute`() throws {
    let row = try imported(shirt)
    #expect(row.product.handle.text == "sunlit-serenity-linen-shirt-00096972")
    #expect(row.product.status == .active)
    #expect(row.product.attributes == [Attribute(name: "audience", value: "F")])
    #expect(row.product.media.map(\.url) == ["https://images.example/00096972-5f6b-44df-917b-f7d21ae5644c.jpg"])
    #expect(row.product.variants.map(\.prices) == [[Price(amount: 8_999, currency: .usd)]])
    #expect(row.product.variants.map(\.stock) == [11])
    #expect(row.path.map(\.handle.text) == ["apparel", "shirt"])
    #expect(row.path.map { $0.fallback?.text } == [nil, "apparel-shirt"])
    #expect(row.path.map(\.title) == ["Apparel", "Shirt"])
  }

  @Test(arguments: [
    ("external_id", ""), ("sku", "A B"), ("name", " "), ("price", "89.999"), ("price", "1,00"), ("price", "-1"), ("price", ""),
    ("currency", "usd"), ("stock", "many"), ("stock", "-1"), ("stock", "1.5"), ("image", "a b.jpg"), ("description", "a\u{0}"),
    ("external_id", "Ω0096972"),
  ])
  func `a wrong field is told by its column`(column: String, text: String) throws {
    #expect(try flaws(changed(column, text)) == [column])
  }

  @Test func `all wrong fields of a row are told at once`() throws {
    let fields = ["", "", "", "", "shirt", "", "x", "USD", "x", "", ""]
    #expect(try Set(flaws(fields)) == ["external_id", "sku", "name", "style", "price", "stock"])
  }

  @Test func `a row with a field too few or too many is no row`() {
    #expect(ImportRow(Array(shirt.dropLast())) == nil)
    #expect(ImportRow(shirt + [""]) == nil)
  }

  @Test func `a row without an audience, a category and an image is complete`() throws {
    var fields = shirt
    for column in ["category", "style", "image", "audience", "description"] {
      fields[try #require(ImportRow.columns.firstIndex(of: column))] = ""
    }
    let row = try imported(fields)
    #expect(row.path.isEmpty && row.product.media.isEmpty && row.product.attributes.isEmpty)
  }
}
