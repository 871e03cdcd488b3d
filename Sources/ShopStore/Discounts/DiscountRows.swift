import Postgres
import Shop

/// Reads discounts from the columns of `DiscountStatements`.
enum DiscountRows {
  static func discount(_ row: Row) throws -> Discount {
    guard let code = DiscountCode(try row.string(1)), let kind = DiscountKind(rawValue: try row.string(2)),
      let status = DiscountStatus(rawValue: try row.string(10))
    else { throw StoredJSON.Malformed(member: "discount") }
    var terms = DiscountTerms()
    terms.basisPoints = try row.optionalInt64(3)
    terms.startsAt = try row.optionalTimestamp(4).map { Timestamp(microseconds: $0) }
    terms.endsAt = try row.optionalTimestamp(5).map { Timestamp(microseconds: $0) }
    terms.usageLimit = try row.optionalInt64(6)
    terms.isOncePerCustomer = try row.bool(8)
    terms.isCombinable = try row.bool(9)
    terms.status = status
    if let amounts = try row.optionalJSONText(14) {
      for entry in try StoredJSON.list(Array(amounts.utf8)) {
        guard let currency = Currency(try entry.string("currency")) else { throw StoredJSON.Malformed(member: "currency") }
        if let amount = entry.optionalInteger("amount") { terms.amounts.append(Money(amount, currency)) }
        if let least = entry.optionalInteger("minimum_subtotal") { terms.minimumSubtotals.append(Money(least, currency)) }
      }
    }
    return Discount(
      id: DiscountID(try row.uuid(0)), code: code, kind: kind, terms: terms, used: try row.int64(7), version: try row.int64(11),
      createdAt: try row.storedTimestamp(12), updatedAt: try row.storedTimestamp(13))
  }
}
