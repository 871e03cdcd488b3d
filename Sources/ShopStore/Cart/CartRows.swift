import Postgres
import Shop

/// Reads what `CartStatements` select.
enum CartRows {
  static func cart(_ row: Row, lines: [CartLine], discounts: [CartDiscount], now: Timestamp) throws -> Cart {
    guard var status = CartStatus(rawValue: try row.string(1)) else { throw StoredJSON.Malformed(member: "state") }
    let expiry = try row.storedTimestamp(10)
    // The worker has not come by yet.
    if status == .active, expiry <= now { status = .expired }
    return Cart(
      id: CartID(try row.uuid(0)), status: status, currency: try row.storedCurrency(2),
      country: try row.optionalString(3).flatMap { Country($0) }, email: try row.optionalString(4).flatMap { EmailAddress($0) },
      customer: try row.optionalUUID(5).map { CustomerID($0) }, shippingAddress: try row.storedJSON(6)?.address(),
      billingAddress: try row.storedJSON(7)?.address(), shippingMethod: try row.optionalString(8), lines: lines,
      discounts: discounts, order: try row.optionalUUID(13).map { OrderID($0) },
      version: try row.int64(9), expiresAt: expiry, createdAt: try row.storedTimestamp(11), updatedAt: try row.storedTimestamp(12)
    )
  }

  /// - Parameter available: by variant, where it was asked; a variant without stock has none.
  static func lines(_ rows: [Row], available: [VariantID: Int64]? = nil) throws -> [OfferedLine] {
    try rows.compactMap { row in
      // A cart without lines.
      guard let id = try row.optionalUUID(0) else { return nil }
      let line = CartLine(id: LineID(id), variant: VariantID(try row.uuid(1)), quantity: try row.int64(2))
      guard let availability = Availability(rawValue: try row.string(12)) else {
        throw StoredJSON.Malformed(member: "availability")
      }
      return OfferedLine(
        line: line, offer: try offer(row, of: line.variant, from: 3), availability: availability,
        available: available.map { $0[line.variant] ?? 0 })
    }
  }

  /// The codes that each row of lines has.
  static func discounts(_ lines: [Row]) throws -> [CartDiscount] {
    try lines.first.map { try CartDiscountRows.discounts($0, 13) } ?? []
  }

  /// The offer in ten columns from `first` on; nil where they are null.
  private static func offer(_ row: Row, of variant: VariantID, from first: Int) throws -> Offer? {
    guard let product = try row.optionalUUID(first) else { return nil }
    guard let sku = SKU(try row.string(first + 1)), let taxClass = TaxClass(rawValue: try row.string(first + 5)) else {
      throw StoredJSON.Malformed(member: "offer")
    }
    return Offer(
      variant: variant, product: ProductID(product), sku: sku, title: try row.string(first + 2),
      options: try row.storedJSON(first + 3)?.optionValues ?? [], unitAmount: try row.optionalInt64(first + 4),
      taxClass: taxClass,
      isSellable: try row.bool(first + 8), requiresShipping: try row.bool(first + 7),
      weightGrams: try row.optionalInt64(first + 6))
  }

  /// The offer that was found; in another currency it stands for a variant without a price in this one.
  static func offer(_ row: Row, of variant: VariantID, in currency: Currency) throws -> Offer? {
    guard let offer = try offer(row, of: variant, from: 1) else { return nil }
    let isPriced = try row.string(0) == currency.code
    return Offer(
      variant: variant, product: offer.product, sku: offer.sku, title: offer.title, options: offer.options,
      unitAmount: isPriced ? offer.unitAmount : nil, taxClass: offer.taxClass, isSellable: offer.isSellable,
      requiresShipping: offer.requiresShipping, weightGrams: offer.weightGrams)
  }

  static func counts(_ rows: Rows) throws -> [VariantID: Int64] {
    var counts: [VariantID: Int64] = [:]
    for row in rows { counts[VariantID(try row.uuid(0))] = try row.int64(1) }
    return counts
  }
}
