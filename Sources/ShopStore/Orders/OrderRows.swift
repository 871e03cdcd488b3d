import Postgres
import Shop

/// Reads orders, their lines and payments from the columns of `OrderStatements`.
enum OrderRows {
  static func orders(_ rows: Rows, lines: Rows, payments: Rows) throws -> [Order] {
    var linesOf: [OrderID: [OrderLine]] = [:]
    for row in lines { linesOf[OrderID(try row.uuid(1)), default: []].append(try line(row)) }
    var paymentsOf: [OrderID: [Payment]] = [:]
    for row in payments {
      let payment = try payment(row)
      if let order = payment.order { paymentsOf[order, default: []].append(payment) }
    }
    return try rows.map { row in
      let id = OrderID(try row.uuid(0))
      return try order(row, id, lines: linesOf[id] ?? [], payments: paymentsOf[id] ?? [])
    }
  }

  private static func order(_ row: Row, _ id: OrderID, lines: [OrderLine], payments: [Payment]) throws -> Order {
    guard let status = OrderStatus(rawValue: try row.string(4)), let email = EmailAddress(try row.string(6)) else {
      throw StoredJSON.Malformed(member: "order")
    }
    let method = try row.optionalString(15)
    let title = try row.optionalString(16)
    return Order(
      id: id, number: try row.int64(1), cart: CartID(try row.uuid(2)), customer: try row.optionalUUID(3).map { CustomerID($0) },
      status: status, email: email, lines: lines,
      totals: Totals(
        stored: try row.storedCurrency(5), subtotal: try row.int64(7), discount: try row.int64(8), shipping: try row.int64(9),
        tax: try row.int64(10), taxIncluded: try row.int64(11), total: try row.int64(12)),
      discountCodes: try row.strings(19).compactMap { DiscountCode($0) },
      shippingAddress: try row.storedJSON(13)?.address(), billingAddress: try row.storedJSON(14)?.address(),
      shippingMethod: method.map { Order.ShippingMethod(id: $0, title: title ?? $0) }, payments: payments,
      version: try row.int64(17), createdAt: try row.storedTimestamp(18))
  }

  private static func line(_ row: Row) throws -> OrderLine {
    guard let sku = SKU(try row.string(4)), let taxClass = TaxClass(rawValue: try row.string(11)),
      let rate = TaxRate(partsPerMillion: try row.int64(12))
    else { throw StoredJSON.Malformed(member: "order line") }
    return OrderLine(
      id: LineID(try row.uuid(0)), variant: VariantID(try row.uuid(2)), product: ProductID(try row.uuid(3)), sku: sku,
      title: try row.string(5), options: try row.storedJSON(6)?.optionValues ?? [], quantity: try row.int64(7),
      unitAmount: try row.int64(8), subtotal: try row.int64(9), discount: try row.int64(10), taxClass: taxClass, taxRate: rate,
      tax: try row.int64(13), taxIncluded: try row.int64(14), total: try row.int64(15), requiresShipping: try row.bool(16),
      cancelled: try row.int64(17), fulfilled: try row.int64(18), returned: try row.int64(19))
  }

  static func payment(_ row: Row) throws -> Payment {
    guard let stored = PaymentStatus(rawValue: try row.string(4)) else { throw StoredJSON.Malformed(member: "payment state") }
    let amount = try row.int64(6)
    let captured = try row.int64(8)
    let refunded = try row.int64(9)
    let url = try row.storedJSON(11)?.optionalString("url")
    return Payment(
      id: PaymentID(try row.uuid(0)), cart: CartID(try row.uuid(1)), order: try row.optionalUUID(2).map { OrderID($0) },
      provider: try row.string(3), status: stored.told(captured: captured, refunded: refunded, amount: amount),
      amount: Money(amount, try row.storedCurrency(5)), authorized: try row.int64(7), captured: captured, refunded: refunded,
      voided: try row.int64(10), nextAction: url.map { .redirect(url: $0) }, createdAt: try row.storedTimestamp(12),
      version: try row.int64(13))
  }
}
