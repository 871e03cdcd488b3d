import Postgres
import Shop

/// Reads what the first trip of checkout loaded under its locks.
enum CheckoutRows {
  static func cart(_ row: Row, lines: [CartLine], discounts: [CartDiscount]) throws -> Cart {
    guard let status = CartStatus(rawValue: try row.string(1)) else { throw StoredJSON.Malformed(member: "state") }
    return Cart(
      id: CartID(try row.uuid(0)), status: status, currency: try row.storedCurrency(2),
      country: try row.optionalString(3).flatMap { Country($0) },
      email: try row.optionalString(4).flatMap { EmailAddress($0) },
      customer: try row.optionalUUID(5).map { CustomerID($0) }, shippingAddress: try row.storedJSON(6)?.address(),
      billingAddress: try row.storedJSON(7)?.address(), shippingMethod: try row.optionalString(8), lines: lines,
      discounts: discounts, order: nil, version: try row.int64(9), expiresAt: try row.storedTimestamp(10),
      createdAt: try row.storedTimestamp(11), updatedAt: try row.storedTimestamp(12))
  }

  static func lines(_ rows: Rows) throws -> [OfferedLine] {
    try rows.map { row in
      let line = CartLine(id: LineID(try row.uuid(0)), variant: VariantID(try row.uuid(1)), quantity: try row.int64(2))
      return OfferedLine(line: line, offer: try offer(row, of: line.variant), availability: .inStock)
    }
  }

  static func discounts(_ lines: Rows) throws -> [CartDiscount] {
    try lines.first.map { try CartDiscountRows.discounts($0, 12) } ?? []
  }

  private static func offer(_ row: Row, of variant: VariantID) throws -> Offer? {
    guard let product = try row.optionalUUID(3) else { return nil }
    guard let sku = SKU(try row.string(4)), let taxClass = TaxClass(rawValue: try row.string(8)) else {
      throw StoredJSON.Malformed(member: "offer")
    }
    return Offer(
      variant: variant, product: ProductID(product), sku: sku, title: try row.string(5),
      options: try row.storedJSON(6)?.optionValues ?? [], unitAmount: try row.optionalInt64(7), taxClass: taxClass,
      isSellable: try row.bool(11), requiresShipping: try row.bool(10), weightGrams: try row.optionalInt64(9))
  }

  static func levels(_ rows: Rows) throws -> [StockLevel] {
    try rows.map { row in
      StockLevel(
        variant: VariantID(try row.uuid(0)), location: LocationID(try row.uuid(1)), onHand: try row.int64(2),
        reserved: try row.int64(3), backorderLimit: try row.int64(4), version: try row.int64(5))
    }
  }

  static func holds(_ rows: Rows) throws -> [Allocation.Hold] {
    try rows.map { row in
      Allocation.Hold(
        line: LineID(try row.uuid(0)), variant: VariantID(try row.uuid(1)), location: LocationID(try row.uuid(2)),
        quantity: try row.int64(3))
    }
  }
}
