import JSON
import Shop

/// One parameter of a route: in its path, its query, or a header field.
package struct Parameter: Sendable {
  enum Place: String { case path, query, header }

  let name: String
  let place: Place
  let schema: Schema
  let isRequired: Bool
  let note: String

  private init(_ place: Place, _ name: String, _ schema: Schema, isRequired: Bool, _ note: String) {
    self.place = place
    self.name = name
    self.schema = schema
    self.isRequired = isRequired
    self.note = note
  }

  package static func query(_ name: String, _ schema: Schema, isRequired: Bool = false, _ note: String) -> Parameter {
    Parameter(.query, name, schema, isRequired: isRequired, note)
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("name")
      json.string(name)
      json.key("in")
      json.string(place.rawValue)
      json.key("description")
      json.string(note)
      if isRequired {
        json.key("required")
        json.bool(true)
      }
      // `filter[in_stock]=true`: a member of an object.
      if schema.isObject {
        json.key("style")
        json.string("deepObject")
        json.key("explode")
        json.bool(true)
      }
      json.key("schema")
      schema.write(to: &json)
    }
  }
}

extension Parameter {
  static let limit = query(
    "limit", .integer(Int64(QueryParameters.limits.lowerBound)...Int64(QueryParameters.limits.upperBound)),
    "How many elements the page has at most; \(QueryParameters.usualLimit) where nothing is said.")
  static let after = query(
    "after", .text(1...CursorSigner.longest, pattern: "^[A-Za-z0-9_-]+$"),
    "`page.next` or `page.prev` of another page of the same list, with the same filter and sort.")
  static let currency = query("currency", .currency, "Of the price range, and of what is filtered and sorted by price.")

  static let ifNoneMatch = Parameter(
    .header, "If-None-Match", .text(), isRequired: false, "Entity tags of kept answers: 304 where one still holds.")

  static func ifMatch(isRequired: Bool) -> Parameter {
    let tag = "(W/)?\"[!#-~]*\""
    return Parameter(
      .header, "If-Match", .text(pattern: "^(\\*|\(tag)( *, *\(tag))*)$"), isRequired: isRequired,
      "The entity tag that the change is based on, or `*`.")
  }

  /// Bare or quoted.
  static func idempotencyKey(isRequired: Bool, isAnonymous: Bool) -> Parameter {
    let shortest = isAnonymous ? IdempotencyKey.shortestAnonymous : 1
    let bare = "[!#-~][!-~]{\(shortest - 1),\(IdempotencyKey.longest - 1)}"
    let quoted = "\"([!#-\\[\\]-~]|\\\\[\"\\\\]){\(shortest),\(IdempotencyKey.longest)}\""
    return Parameter(
      .header, "Idempotency-Key", .text(pattern: "^(\(bare)|\(quoted))$"), isRequired: isRequired,
      isAnonymous
        ? "Names the request, so that it can be sent again without being done again. Nobody may be able to guess it."
        : "Names the request, so that it can be sent again without being done again.")
  }

  /// Those in the braces of a pattern: an id of what the segment before names.
  static func path(_ pattern: String) -> [Parameter] {
    let segments = pattern.split(separator: "/")
    return zip(segments.dropFirst(), segments).compactMap { segment, noun in
      guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return nil }
      let (schema, note) = reference(String(noun), isPublic: !pattern.hasPrefix("/v1/admin/"))
      return Parameter(.path, String(segment.dropFirst().dropLast()), schema, isRequired: true, note)
    }
  }

  private static func reference(_ noun: String, isPublic: Bool) -> (Schema, String) {
    switch noun {
    case "products" where isPublic: (.handleOrID(ProductKind.self), "Id or handle of the product.")
    case "categories" where isPublic: (.handleOrID(CategoryKind.self), "Id or handle of the category.")
    case "products": (.id(ProductKind.self), "Id of the product.")
    case "categories": (.id(CategoryKind.self), "Id of the category.")
    case "variants": (.id(VariantKind.self), "Id of the variant.")
    case "carts": (.id(CartKind.self), "Id of the cart.")
    case "lines": (.id(LineKind.self), "Id of the line.")
    case "orders": (.id(OrderKind.self), "Id of the order.")
    case "discount-codes" where isPublic: (.discountCode, "The discount code; case does not matter.")
    case "discount-codes": (.id(DiscountIDKind.self), "Id of the discount.")
    case "payments": (.id(PaymentKind.self), "Id of the payment.")
    default: (.text(), "")
    }
  }
}

extension Schema {
  fileprivate var isObject: Bool {
    if case .object = shape { true } else { false }
  }
}
