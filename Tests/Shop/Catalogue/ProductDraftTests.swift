import Shop
import Testing

@Suite struct ProductDraftTests {
  private func variant(
    _ sku: String, size: String? = nil, prices: [PriceDraft] = [PriceDraft(amount: 1_299, currency: "USD")]
  ) -> VariantDraft {
    VariantDraft(sku: sku, options: size.map { [OptionValue(name: "size", value: $0)] } ?? [], prices: prices)
  }

  private func faults(_ draft: ProductDraft) -> [String] {
    do {
      _ = try draft.checked()
      return []
    } catch {
      guard case .invalid(let faults) = error else { return [error.code] }
      return faults.map { "\($0.pointer) \($0.code.rawValue)" }
    }
  }

  @Test func `a mug with two sizes becomes a draft with titles, a handle and prices`() throws {
    let product = try ProductDraft(
      title: "Café Mug", options: [ProductOption(name: "size", values: ["S", "M"])],
      variants: [variant("MUG-S", size: "S"), variant("MUG-M", size: "M")]
    ).checked()
    #expect(product.handle.text == "cafe-mug")
    #expect(!product.isHandleGiven)
    #expect(product.status == .draft)
    #expect(product.variants.map(\.title) == ["S", "M"])
    #expect(product.variants.map(\.prices) == [[Price(amount: 1_299, currency: .usd)], [Price(amount: 1_299, currency: .usd)]])
  }

  @Test func `a variant without options is called as its product`() throws {
    #expect(try ProductDraft(title: "Mug", variants: [variant("MUG")]).checked().variants.map(\.title) == ["Mug"])
  }

  @Test func `every fault of a draft is told at once`() {
    let draft = ProductDraft(
      title: " ", handle: "No Handle", status: "sold", attributes: [Attribute(name: "Color!", value: "red")],
      options: [ProductOption(name: "size", values: ["S", "S"])], categories: ["shirts"],
      media: [MediaItem(url: "javascript:alert(1)", alt: nil)],
      variants: [
        VariantDraft(
          sku: "A B", options: [OptionValue(name: "color", value: "red")], prices: [PriceDraft(amount: -1, currency: "USD")]),
        VariantDraft(prices: [PriceDraft(amount: 1, currency: "XXX"), PriceDraft()], taxClass: "none", stock: -1),
      ])
    #expect(
      faults(draft) == [
        "/title empty", "/handle malformed", "/status not_allowed", "/attributes/Color! malformed", "/media/0/url malformed",
        "/category_ids/0 unknown_reference", "/options/0/values/1 duplicate", "/variants/0/options/color not_allowed",
        "/variants/0/options/size required", "/variants/0/sku malformed", "/variants/0/prices/0/amount out_of_range",
        "/variants/1/options/size required", "/variants/1/sku required", "/variants/1/prices/0/currency not_allowed",
        "/variants/1/prices/1/currency required", "/variants/1/prices/1/amount required", "/variants/1/tax_class not_allowed",
        "/variants/1/stock out_of_range",
      ])
  }

  @Test func `no two variants share their options, their SKU or a currency`() {
    let draft = ProductDraft(
      title: "Mug", options: [ProductOption(name: "size", values: ["S"])],
      variants: [
        variant("MUG", size: "S"),
        variant("MUG", size: "S", prices: [PriceDraft(amount: 1, currency: "EUR"), PriceDraft(amount: 2, currency: "EUR")]),
      ])
    #expect(
      faults(draft) == ["/variants/1/sku duplicate", "/variants/1/options duplicate", "/variants/1/prices/1/currency duplicate"])
  }

  @Test func `a product has one to a hundred variants`() {
    #expect(faults(ProductDraft(title: "Mug")) == ["/variants empty"])
    let many = ProductDraft(
      title: "Mug", options: [ProductOption(name: "size", values: (0...99).map { "\($0)" })],
      variants: (0...100).map { variant("MUG-\($0)", size: "\(min($0, 99))") })
    #expect(faults(many) == ["/variants too_many"])
  }

  @Test func `a compared price is above the price`() {
    for compared in [1_299, 1, 0, -5] as [Int64] {
      let draft = ProductDraft(
        title: "Mug", variants: [variant("MUG", prices: [PriceDraft(amount: 1_299, currency: "USD", compareAtAmount: compared)])])
      #expect(faults(draft) == ["/variants/0/prices/0/compare_at_amount out_of_range"])
    }
  }

  @Test func `a change touches only what was sent`() throws {
    let change = try ProductChange(title: "New", attributes: AttributeChange(isCleared: true)).checked()
    #expect(change.title == "New")
    #expect(change.attributes == AttributeChange(isCleared: true))
    #expect(change.handle == nil && change.media == nil && change.description == nil)
    #expect(try ProductChange().checked().isEmpty)
    #expect(try ProductChange(attributes: AttributeChange(merging: [])).checked().isEmpty)
    #expect(throws: Refusal.self) { try ProductChange(title: "", status: "x").checked() }
  }

  @Test func `a price range spans the variants of one currency`() throws {
    let variants = try [(1, 500), (2, 300), (3, 900)].map { number, amount in
      Variant(
        id: Sample.id(number), product: Sample.id(1), sku: try #require(SKU("S\(number)")), title: "", options: [],
        prices: [Price(amount: amount, currency: .usd)], taxClass: .standard, requiresShipping: true, weightGrams: nil,
        barcode: nil, availability: .inStock)
    }
    let product = Product(
      id: Sample.id(1), handle: try #require(Handle("mug")), title: "Mug", description: "", status: .active, attributes: [],
      options: [], categories: [], media: [], variants: variants, createdAt: Sample.now, updatedAt: Sample.now, version: 1)
    #expect(product.priceRange(in: .usd) == 300...900)
    #expect(product.priceRange(in: .eur) == nil)
  }

  @Test(arguments: [
    ("https://images.example/a.jpg", true), ("http://a/b", true), ("a.jpg", true), ("/media/a.jpg", true), ("HTTPS://A/b", true),
    ("", false), ("https://", false), ("data:text/html,x", false), ("//evil.example/a", false), ("a b.jpg", false),
    ("é.jpg", false),
    ("ftp://a/b", false), ("media/12:30.jpg", true),
  ])
  func `a medium is at an http address or a path`(url: String, isAllowed: Bool) {
    #expect(MediaItem.isURL(url) == isAllowed)
  }

  @Test func `a filter has one normal form and sane limits`() throws {
    let filter = ProductFilter(
      attributes: [
        AttributeFilter(name: "size", values: ["M", "S"]), AttributeFilter(name: "color", values: ["red"]),
        AttributeFilter(name: "size", values: ["S", "L"]),
      ], currency: .usd)
    #expect(
      filter.normalized.attributes == [
        AttributeFilter(name: "color", values: ["red"]), AttributeFilter(name: "size", values: ["L", "M", "S"]),
      ])
    #expect(throws: Never.self) { try filter.check() }
    for bad in [
      ProductFilter(priceMinimum: 2, priceMaximum: 1, currency: .usd), ProductFilter(priceMinimum: -1, currency: .usd),
      ProductFilter(attributes: [AttributeFilter(name: "A b", values: ["x"])], currency: .usd),
      ProductFilter(attributes: [AttributeFilter(name: "a", values: [])], currency: .usd),
    ] {
      #expect(throws: Refusal.self) { try bad.check() }
    }
  }
}
