import JSON
import Shop

/// A discount as admins see it.
enum DiscountView {
  static func write(_ discount: Discount, to json: inout JSONWriter) {
    let terms = discount.terms
    json.beginObject()
    json.key("id")
    json.identifier(discount.id)
    json.key("code")
    json.string(discount.code.text)
    json.key("kind")
    json.string(discount.kind.rawValue)
    json.key("basis_points")
    write(terms.basisPoints, to: &json)
    json.key("amounts")
    json.array(terms.amounts) { json, amount in json.money(amount) }
    json.key("minimum_subtotals")
    json.array(terms.minimumSubtotals) { json, least in json.money(least) }
    json.key("starts_at")
    json.timestamp(orNull: terms.startsAt)
    json.key("ends_at")
    json.timestamp(orNull: terms.endsAt)
    json.key("usage_limit")
    write(terms.usageLimit, to: &json)
    json.key("used")
    json.integer(discount.used)
    json.key("once_per_customer")
    json.bool(terms.isOncePerCustomer)
    json.key("combinable")
    json.bool(terms.isCombinable)
    json.key("status")
    json.string(terms.status.rawValue)
    json.key("version")
    json.integer(discount.version)
    json.key("created_at")
    json.timestamp(discount.createdAt)
    json.key("updated_at")
    json.timestamp(discount.updatedAt)
    json.endObject()
  }

  private static func write(_ number: Int64?, to json: inout JSONWriter) {
    if let number { json.integer(number) } else { json.null() }
  }
}
