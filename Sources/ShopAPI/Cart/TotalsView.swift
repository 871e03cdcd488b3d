import JSON
import Shop

/// Totals on the wire: minor units of one currency.
enum TotalsView {
  static func write(_ totals: Totals, to json: inout JSONWriter) {
    json.beginObject()
    json.key("currency")
    json.currency(totals.currency)
    json.key("subtotal")
    json.integer(totals.subtotal)
    json.key("discount")
    json.integer(totals.discount)
    json.key("shipping")
    json.integer(totals.shipping)
    json.key("tax")
    json.integer(totals.tax)
    json.key("tax_included")
    json.integer(totals.taxIncluded)
    json.key("total")
    json.integer(totals.total)
    json.endObject()
  }
}
