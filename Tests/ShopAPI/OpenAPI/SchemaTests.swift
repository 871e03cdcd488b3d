import JSON
import Shop
import TestSupport
import Testing

@testable import ShopAPI

/// A pattern says again what a type of the rules knows as code: the two must agree.
struct SchemaTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let schema: Schema
    let accepts: @Sendable (String) -> Bool
    /// What texts are made of, so that many are nearly right.
    let pieces: [String]

    init(_ name: String, _ schema: Schema, _ pieces: [String], _ accepts: @escaping @Sendable (String) -> Bool) {
      testDescription = name
      self.schema = schema
      self.pieces = pieces
      self.accepts = accepts
    }
  }

  private static let odd = [
    "", " ", "\t", "\n", "\u{0}", "\u{1F}", "\u{7F}", "\u{85}", "\u{A0}", "é", "漢", "😀", "a", "Z", "0", "-", "_",
  ]
  private static let id = "cart_01j00000000000000000000001"

  private static func line(_ rule: TextRule) -> @Sendable (String) -> Bool {
    { text in
      var faults = Faults()
      return rule.required(text, at: "", &faults) != nil
    }
  }

  private static func optional(_ rule: TextRule) -> @Sendable (String) -> Bool {
    { text in
      var faults = Faults()
      _ = rule.optional(text, at: "", &faults)
      return faults.isEmpty
    }
  }

  private static func key(_ isAnonymous: Bool) -> @Sendable (String) -> Bool {
    { (try? IdempotencyKey.checked(field: $0, isAnonymous: isAnonymous)) != nil }
  }

  private static let rules = [
    Rule("handle", .handle, odd + ["mug", "a-b", "--", "A", String(repeating: "a", count: 128)]) { Handle($0) != nil },
    Rule("SKU", .sku, odd + ["MUG-S", "!", "~", String(repeating: "9", count: 64)]) { SKU($0) != nil },
    Rule("id", .id(CartKind.self), ["cart_", "ord_", String(id.dropFirst(5)), "i", "8", "z", "\n", id]) { CartID($0) != nil },
    Rule("handle or id", .handleOrID(ProductKind.self), ["prod_", String(id.dropFirst(5)), "mug", "-", "_", "\n"]) {
      ProductReference($0) != nil
    },
    Rule(
      "media URL", .mediaURL,
      ["https://", "HTTP://", "ftp:", "//", "/", ":", "a.b", "?q=1", "\\", "\"", " ", "é", "[", "~", "^", "data", "\n"]
    ) { MediaItem.isURL($0) },
    Rule("currency", .words(Currency.all.map(\.code)), ["USD", "EUR", "usd", "XXX", "U", "\n", ""]) { Currency($0) != nil },
    Rule("country", .words(Country.all.map(\.code)), ["US", "DE", "us", "XX", "U", "\n", ""]) { Country($0) != nil },
    Rule("title", .text(.title), odd + [String(repeating: "x", count: 254)], line(.title)),
    Rule("optional line", .optionalText(.addressLine), odd + [String(repeating: "x", count: 199)], optional(.addressLine)),
    Rule(
      "optional text", .optionalText(.cancellationReason), odd + ["\r", "\u{B}", "\u{C}", String(repeating: "x", count: 499)],
      optional(.cancellationReason)),
    Rule("attribute name", .text(pattern: Component.attributeName), odd + ["color", String(repeating: "x", count: 63)]) {
      Attribute.isName($0)
    },
    Rule(
      "key", Parameter.idempotencyKey(isRequired: true, isAnonymous: false).schema,
      ["\"", "\\", "\\\"", "\\\\", "a", "!", "~", " ", "é", "\n", String(repeating: "x", count: 253)], key(false)),
    Rule(
      "unguessable key", Parameter.idempotencyKey(isRequired: true, isAnonymous: true).schema,
      ["\"", "\\", "\\\"", "a", "~", " ", String(repeating: "x", count: 20), String(repeating: "x", count: 234)], key(true)),
  ]

  @Test(arguments: rules) func `what a schema allows is what its rule accepts`(_ rule: Rule) throws {
    var json = JSONWriter()
    rule.schema.write(to: &json)
    let schema = try JSONSchema(try JSONReader.read(json.finish()))
    let pairs = rule.pieces.flatMap { first in rule.pieces.map { first + $0 } }
    let texts = rule.pieces + pairs + pairs.flatMap { pair in rule.pieces.map { pair + $0 } }
    var accepted = 0
    for text in texts {
      let isAccepted = rule.accepts(text)
      if isAccepted { accepted += 1 }
      #expect(schema.faults(.string(text)).isEmpty == isAccepted, "\(text.debugDescription)")
    }
    #expect((1..<texts.count).contains(accepted), "the texts should be of both kinds")
  }

  @Test func `a path parameter is of what stands before it`() {
    for pattern in ["/v1/carts/{id}/lines/{line_id}", "/v1/products/{id}", "/v1/admin/products/{id}/archive"] {
      for parameter in Parameter.path(pattern) {
        guard case .text(_, let form?, _) = parameter.schema.shape else {
          Issue.record("\(pattern): \(parameter.name) may be anything")
          continue
        }
        #expect(form.hasPrefix("^"))
      }
    }
    #expect(Parameter.path("/v1/carts/{id}/lines/{line_id}").map(\.name) == ["id", "line_id"])
  }
}
