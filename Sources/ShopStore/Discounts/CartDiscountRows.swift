import Postgres
import Shop

/// Reads the codes of a cart from the expression `DiscountStatements.ofCart`.
enum CartDiscountRows {
  static func discounts(_ row: Row, _ column: Int) throws -> [CartDiscount] {
    guard let text = try row.optionalJSONText(column) else { return [] }
    return try StoredJSON.list(Array(text.utf8)).map { try discount($0) }
  }

  static func discount(_ json: StoredJSON) throws -> CartDiscount {
    guard let code = DiscountCode(try json.string("code")) else { throw StoredJSON.Malformed(member: "code") }
    return CartDiscount(
      id: try json.identifier("id"), code: code, value: try value(json),
      minimumSubtotal: json.optionalInteger("minimum_subtotal"),
      startsAt: json.optionalInteger("starts_at").map { Timestamp(microseconds: 0).adding(milliseconds: $0) },
      endsAt: json.optionalInteger("ends_at").map { Timestamp(microseconds: 0).adding(milliseconds: $0) },
      isActive: try json.bool("active"), isExhausted: try json.bool("exhausted"), isSpent: try json.bool("spent"),
      isCombinable: try json.bool("combinable"))
  }

  private static func value(_ json: StoredJSON) throws -> CartDiscount.Value {
    if try json.bool("elsewhere") { return .elsewhere }
    if let basisPoints = json.optionalInteger("basis_points") { return .percentage(basisPoints: basisPoints) }
    return .amount(try json.integer("amount"))
  }
}
