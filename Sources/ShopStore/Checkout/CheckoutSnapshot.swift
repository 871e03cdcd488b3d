import JSON
import Shop

/// `payment.checkout`: all that the order will be, as decided and agreed to before the money was asked for.
struct CheckoutSnapshot {
  let email: EmailAddress
  let shippingAddress: Address?
  let billingAddress: Address?
  let shippingMethod: Order.ShippingMethod?
  let totals: Totals
  let discountCodes: [DiscountCode]
  let lines: [OrderLine]

  init(_ plan: CheckoutPlan, of cart: Cart) {
    email = plan.email
    shippingAddress = cart.shippingAddress
    billingAddress = cart.billingAddress ?? cart.shippingAddress
    shippingMethod = plan.shipping.map { Order.ShippingMethod(id: $0.id, title: $0.title) }
    totals = plan.priced.totals
    discountCodes = plan.priced.discounts.map(\.code)
    lines = plan.priced.lines.compactMap { OrderLine($0) }
  }

  init(_ json: StoredJSON, currency: Currency) throws {
    guard let email = EmailAddress(try json.string("email")) else { throw StoredJSON.Malformed(member: "email") }
    self.email = email
    shippingAddress = try json.optionalObject("shipping_address")?.address()
    billingAddress = try json.optionalObject("billing_address")?.address()
    shippingMethod = try json.optionalObject("shipping_method").map {
      Order.ShippingMethod(id: try $0.string("id"), title: try $0.string("title"))
    }
    let sums = try json.object("totals")
    totals = Totals(
      stored: currency, subtotal: try sums.integer("subtotal"), discount: try sums.integer("discount"),
      shipping: try sums.integer("shipping"), tax: try sums.integer("tax"), taxIncluded: try sums.integer("tax_included"),
      total: try sums.integer("total"))
    // Payments that were begun before there were codes have none.
    discountCodes = json.strings("discount_codes").compactMap { DiscountCode($0) }
    lines = try json.objects("lines").map { line in
      guard let sku = SKU(try line.string("sku")), let taxClass = TaxClass(rawValue: try line.string("tax_class")),
        let rate = TaxRate(partsPerMillion: try line.integer("tax_rate_ppm"))
      else { throw StoredJSON.Malformed(member: "line") }
      return OrderLine(
        id: try line.identifier("id"), variant: try line.identifier("variant_id"), product: try line.identifier("product_id"),
        sku: sku, title: try line.string("title"), options: try line.object("options").optionValues,
        quantity: try line.integer("quantity"), unitAmount: try line.integer("unit_price"),
        subtotal: try line.integer("subtotal"), discount: try line.integer("discount"), taxClass: taxClass, taxRate: rate,
        tax: try line.integer("tax"), taxIncluded: try line.integer("tax_included"), total: try line.integer("total"),
        requiresShipping: try line.bool("requires_shipping"))
    }
  }

  var json: [UInt8] {
    var json = JSONWriter(capacity: 1_024)
    json.beginObject()
    json.key("email")
    json.string(email.text)
    json.key("shipping_address")
    json.storedAddress(shippingAddress)
    json.key("billing_address")
    json.storedAddress(billingAddress)
    json.key("shipping_method")
    if let shippingMethod {
      json.beginObject()
      json.key("id")
      json.string(shippingMethod.id)
      json.key("title")
      json.string(shippingMethod.title)
      json.endObject()
    } else {
      json.null()
    }
    json.key("totals")
    json.beginObject()
    for (name, amount) in [
      ("subtotal", totals.subtotal), ("discount", totals.discount), ("shipping", totals.shipping), ("tax", totals.tax),
      ("tax_included", totals.taxIncluded), ("total", totals.total),
    ] {
      json.key(escaping: name)
      json.integer(amount)
    }
    json.endObject()
    json.key("discount_codes")
    json.array(discountCodes) { json, code in json.string(code.text) }
    json.key("lines")
    json.beginArray()
    for line in lines { Self.write(line, to: &json) }
    json.endArray()
    json.endObject()
    return json.finish()
  }

  private static func write(_ line: OrderLine, to json: inout JSONWriter) {
    json.beginObject()
    for (name, text) in [
      ("id", line.id.uuid.description), ("variant_id", line.variant.uuid.description),
      ("product_id", line.product.uuid.description), ("sku", line.sku.text), ("title", line.title),
      ("tax_class", line.taxClass.rawValue),
    ] {
      json.key(escaping: name)
      json.string(text)
    }
    json.key("options")
    json.beginObject()
    for option in line.options {
      json.key(escaping: option.name)
      json.string(option.value)
    }
    json.endObject()
    for (name, number) in [
      ("quantity", line.quantity), ("unit_price", line.unitAmount), ("subtotal", line.subtotal), ("discount", line.discount),
      ("tax_rate_ppm", line.taxRate.partsPerMillion), ("tax", line.tax), ("tax_included", line.taxIncluded),
      ("total", line.total),
    ] {
      json.key(escaping: name)
      json.integer(number)
    }
    json.key("requires_shipping")
    json.bool(line.requiresShipping)
    json.endObject()
  }
}
