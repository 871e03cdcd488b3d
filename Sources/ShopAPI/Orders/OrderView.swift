import JSON
import Shop

/// An order on the wire.
enum OrderView {
  static func body(_ order: Order) -> [UInt8] {
    var json = JSONWriter(capacity: 2_048)
    write(order, to: &json)
    return json.finish()
  }

  static func write(_ order: Order, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(order.id)
    json.key("number")
    json.integer(order.number)
    json.key("cart_id")
    json.identifier(order.cart)
    json.key("customer_id")
    json.identifier(orNull: order.customer)
    json.key("status")
    json.string(order.status.rawValue)
    json.key("payment_status")
    json.string(order.paymentStatus.rawValue)
    json.key("fulfilment_status")
    json.string(order.fulfilmentStatus.rawValue)
    json.key("currency")
    json.currency(order.totals.currency)
    json.key("email")
    json.string(order.email.text)
    json.key("lines")
    json.array(order.lines) { json, line in write(line, order.totals.currency, to: &json) }
    json.key("totals")
    TotalsView.write(order.totals, to: &json)
    json.key("discount_codes")
    json.array(order.discountCodes) { json, code in json.string(code.text) }
    json.key("shipping_address")
    AddressView.write(order.shippingAddress, to: &json)
    json.key("billing_address")
    AddressView.write(order.billingAddress, to: &json)
    json.key("shipping_method")
    if let method = order.shippingMethod {
      json.beginObject()
      json.key("id")
      json.string(method.id)
      json.key("title")
      json.string(method.title)
      json.endObject()
    } else {
      json.null()
    }
    json.key("payments")
    json.array(order.payments) { json, payment in
      json.beginObject()
      json.key("id")
      json.identifier(payment.id)
      json.key("provider")
      json.string(payment.provider)
      json.key("status")
      json.string(payment.status.rawValue)
      json.key("authorized")
      json.integer(payment.authorized)
      json.key("captured")
      json.integer(payment.captured)
      json.key("refunded")
      json.integer(payment.refunded)
      json.endObject()
    }
    json.key("version")
    json.integer(order.version)
    json.key("created_at")
    json.timestamp(order.createdAt)
    json.endObject()
  }

  private static func write(_ line: OrderLine, _ currency: Currency, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(line.id)
    json.key("variant_id")
    json.identifier(line.variant)
    json.key("product_id")
    json.identifier(line.product)
    json.key("sku")
    json.string(line.sku.text)
    json.key("title")
    json.string(line.title)
    json.key("options")
    json.beginObject()
    for option in line.options {
      json.key(escaping: option.name)
      json.string(option.value)
    }
    json.endObject()
    json.key("quantity")
    json.integer(line.quantity)
    json.key("unit_price")
    json.money(Money(line.unitAmount, currency))
    json.key("subtotal")
    json.money(Money(line.subtotal, currency))
    json.key("discount")
    json.money(Money(line.discount, currency))
    json.key("tax")
    json.money(Money(line.tax, currency))
    json.key("tax_included")
    json.money(Money(line.taxIncluded, currency))
    json.key("total")
    json.money(Money(line.total, currency))
    json.key("cancelled")
    json.integer(line.cancelled)
    json.key("fulfilled")
    json.integer(line.fulfilled)
    json.key("returned")
    json.integer(line.returned)
    json.endObject()
  }
}
