import Postgres
import Shop

/// Reads what `CheckoutLoad` asks for.
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

  /// Nil for the row of a cart without lines.
  static func line(_ row: Row) throws -> OfferedLine? {
    guard let id = try row.optionalUUID(2) else { return nil }
    let line = CartLine(id: LineID(id), variant: VariantID(try row.uuid(3)), quantity: try row.int64(4))
    return OfferedLine(line: line, offer: try offer(row, of: line.variant), availability: .inStock)
  }

  private static func offer(_ row: Row, of variant: VariantID) throws -> Offer? {
    guard let product = try row.optionalUUID(5) else { return nil }
    guard let sku = SKU(try row.string(6)), let taxClass = TaxClass(rawValue: try row.string(10)) else {
      throw StoredJSON.Malformed(member: "offer")
    }
    return Offer(
      variant: variant, product: ProductID(product), sku: sku, title: try row.string(7),
      options: try row.storedJSON(8)?.optionValues ?? [], unitAmount: try row.optionalInt64(9), taxClass: taxClass,
      isSellable: try row.bool(13), requiresShipping: try row.bool(12), weightGrams: try row.optionalInt64(11))
  }

  static func level(_ row: Row) throws -> StockLevel {
    StockLevel(
      variant: VariantID(try row.uuid(0)), location: LocationID(try row.uuid(1)), onHand: try row.int64(2),
      reserved: try row.int64(3), backorderLimit: try row.int64(4), version: try row.int64(5))
  }

  static func hold(_ row: Row) throws -> Allocation.Hold {
    Allocation.Hold(
      line: LineID(try row.uuid(1)), variant: VariantID(try row.uuid(2)), location: LocationID(try row.uuid(3)),
      quantity: try row.int64(4))
  }
}
