import Shop
import Testing

/// Things that tests talk about, told apart by a number.
enum Sample {
  static let now = Timestamp(microseconds: 1_795_000_000_000_000)

  static func id<Kind>(_ number: UInt64, _ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
    Identifier(UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number))
  }

  static func line(_ number: UInt64, variant: UInt64? = nil, quantity: Int64 = 1) -> CartLine {
    CartLine(id: id(number), variant: id(variant ?? number), quantity: quantity)
  }

  static func offer(
    _ number: UInt64, amount: Int64? = 1_000, taxClass: TaxClass = .standard, isSellable: Bool = true, ships: Bool = true,
    weight: Int64? = nil
  ) throws -> Offer {
    Offer(
      variant: id(number), product: id(number), sku: try #require(SKU("SKU-\(number)")), title: "Thing \(number)", options: [],
      unitAmount: amount, taxClass: taxClass, isSellable: isSellable, requiresShipping: ships, weightGrams: weight)
  }

  static func offered(
    _ number: UInt64, quantity: Int64 = 1, amount: Int64? = 1_000, taxClass: TaxClass = .standard, isSellable: Bool = true,
    ships: Bool = true, weight: Int64? = nil, available: Int64? = nil
  ) throws -> OfferedLine {
    OfferedLine(
      line: line(number, quantity: quantity),
      offer: try offer(number, amount: amount, taxClass: taxClass, isSellable: isSellable, ships: ships, weight: weight),
      availability: .inStock, available: available)
  }

  static func address(_ country: String = "US") throws -> Address {
    try Address.Draft(name: "Ada Lovelace", line1: "1 Main St", city: "Austin", postalCode: "78701", country: country).checked()
  }

  static func cart(
    _ lines: [CartLine], status: CartStatus = .active, isComplete: Bool = true, order: OrderID? = nil,
    expiresAt: Timestamp = now.adding(seconds: 60)
  ) throws -> Cart {
    Cart(
      id: id(1), status: status, currency: .usd, country: Country("US"),
      email: isComplete ? EmailAddress("ada@example.com") : nil, customer: nil,
      shippingAddress: isComplete ? try address() : nil, billingAddress: nil, shippingMethod: isComplete ? "standard" : nil,
      lines: lines, order: order, version: 1, expiresAt: expiresAt, createdAt: now, updatedAt: now)
  }

  static func level(
    _ variant: UInt64, at location: UInt64 = 1, onHand: Int64, reserved: Int64 = 0, backorder: Int64 = 0
  ) -> StockLevel {
    StockLevel(variant: id(variant), location: id(location), onHand: onHand, reserved: reserved, backorderLimit: backorder)
  }

  static func payment(
    _ number: UInt64 = 1, status: PaymentStatus = .authorized, authorized: Int64 = 0, captured: Int64 = 0, refunded: Int64 = 0,
    voided: Int64 = 0
  ) -> Payment {
    Payment(
      id: id(number), cart: id(1), order: nil, provider: "test", status: status, amount: Money(1_000, .usd),
      authorized: authorized, captured: captured, refunded: refunded, voided: voided, createdAt: now)
  }
}
