import JSON
import Shop

/// A line of a cart with what it costs now.
enum CartLineView {
  static func write(_ line: PricedLine, currency: Currency, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(line.line.id)
    json.key("variant_id")
    json.identifier(line.line.variant)
    json.key("product_id")
    json.identifier(orNull: line.offer?.product)
    json.key("sku")
    json.string(orNull: line.offer?.sku.text)
    json.key("title")
    json.string(orNull: line.offer?.title)
    json.key("options")
    json.beginObject()
    for option in line.offer?.options ?? [] {
      json.key(escaping: option.name)
      json.string(option.value)
    }
    json.endObject()
    json.key("quantity")
    json.integer(line.line.quantity)
    json.key("unit_price")
    json.money(Money(line.unitAmount, currency))
    json.key("subtotal")
    json.money(Money(line.subtotal, currency))
    json.key("discount")
    json.money(Money(line.discount, currency))
    json.key("tax")
    json.money(Money(line.tax, currency))
    json.key("total")
    json.money(Money(line.total, currency))
    json.key("availability")
    json.string(line.availability.rawValue)
    json.endObject()
  }
}
