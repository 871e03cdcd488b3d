import Shop
import Testing

@Suite struct VariantChangeTests {
  private let range = VariantRange(
    productTitle: "Shirt",
    options: [ProductOption(name: "size", values: ["S", "M"]), ProductOption(name: "color", values: ["red"])], sold: 2)

  private func variant(_ size: String, title: String? = nil) throws -> NewVariant {
    NewVariant(
      sku: try #require(SKU("SHIRT-\(size)")), title: title ?? "\(size) / red",
      options: [OptionValue(name: "size", value: size), OptionValue(name: "color", value: "red")], prices: [],
      weightGrams: 200, barcode: "4006381333931")
  }

  private func draft(_ options: [(String, String)]) -> VariantDraft {
    VariantDraft(sku: "SHIRT", options: options.map { OptionValue(name: $0.0, value: $0.1) })
  }

  private func faults<Value>(_ body: () throws -> Value) -> [String] {
    do {
      _ = try body()
      return []
    } catch {
      guard case .invalid(let faults)? = error as? Refusal else { return ["\(error)"] }
      return faults.map { "\($0.pointer) \($0.code.rawValue)" }
    }
  }

  @Test func `a new variant brings along the values that its options lack`() throws {
    let (variant, options) = try draft([("color", "blue"), ("size", "M")]).added(to: range)
    #expect(variant.title == "M / blue")
    #expect(options.map(\.values) == [["S", "M"], ["red", "blue"]])
    #expect(range.additions(in: options) == [OptionValue(name: "color", value: "blue")])
  }

  @Test func `a new variant has a value for every option, and for no other`() {
    #expect(faults { try draft([("size", "L")]).added(to: range) } == ["/options/color required"])
    #expect(
      faults { try draft([("size", " "), ("color", "red"), ("fit", "slim")]).added(to: range) } == [
        "/options/size empty", "/options/fit not_allowed",
      ])
  }

  @Test func `a product is full at a hundred variants, an option at a hundred values`() {
    let full = VariantRange(
      productTitle: "Shirt", options: [ProductOption(name: "size", values: (0..<100).map { "\($0)" })], sold: 100)
    #expect(
      faults { try draft([("size", "100")]).added(to: full) } == [" too_many", "/options/size too_many"])
    let archived = VariantChange(status: "active")
    #expect(
      faults {
        try archived.applied(
          to: NewVariant(sku: variant("S").sku, title: "1", options: [OptionValue(name: "size", value: "1")], prices: []),
          .archived, in: full)
      } == ["/status too_many"])
  }

  @Test func `what is not sent stays, what is null goes`() throws {
    let present = try variant("S")
    let same = try VariantChange().applied(to: present, .active, in: range)
    #expect(same.variant == present && same.status == .active && same.options == range.options)
    let lighter = try VariantChange(weightGrams: .some(nil), barcode: .some(nil)).applied(to: present, .active, in: range)
    #expect(lighter.variant.weightGrams == nil && lighter.variant.barcode == nil)
    #expect(lighter.variant.sku == present.sku && lighter.variant.options == present.options)
  }

  @Test func `a title that was made of the options follows them, one that was given stays`() throws {
    let change = VariantChange(options: [OptionValue(name: "size", value: "L")])
    let made = try change.applied(to: try variant("S"), .active, in: range)
    #expect(made.variant.title == "L / red")
    #expect(made.options.map(\.values) == [["S", "M", "L"], ["red"]])
    let given = try change.applied(to: try variant("S", title: "Small"), .active, in: range)
    #expect(given.variant.title == "Small")
    let again = try VariantChange(title: .some(nil)).applied(to: try variant("S", title: "Small"), .active, in: range)
    #expect(again.variant.title == "S / red")
  }

  @Test func `the last variant cannot be archived alone`() throws {
    let present = try variant("S")
    let archiving = VariantChange(status: "archived")
    #expect(try archiving.applied(to: present, .active, in: range).status == .archived)
    let last = VariantRange(productTitle: "Shirt", options: range.options, sold: 1)
    #expect(faults { try archiving.applied(to: present, .active, in: last) } == ["/status conflicting"])
    // Another one is the last.
    #expect(try archiving.applied(to: present, .archived, in: last).status == .archived)
    #expect(
      faults { try VariantChange(status: "draft").applied(to: present, .active, in: range) } == [
        "/status not_allowed"
      ])
  }

  @Test func `options that are too long for a title or an index are refused`() {
    let names = ["a", "b", "c", "d", "e"]
    func draft(_ value: String) -> ProductDraft {
      ProductDraft(
        title: "Shirt", options: names.map { ProductOption(name: $0, values: [value]) },
        variants: [VariantDraft(sku: "S", options: names.map { OptionValue(name: $0, value: value) })])
    }
    #expect(
      faults { try draft(String(repeating: "x", count: 60)).checked() } == ["/variants/0/title required"])
    #expect(
      faults { try draft(String(repeating: "🧵", count: 128)).checked() } == [
        "/variants/0/options too_long"
      ])
    #expect(faults { try draft(String(repeating: "x", count: 40)).checked() } == [])
  }
}
