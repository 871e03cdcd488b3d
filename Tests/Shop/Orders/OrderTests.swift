import Shop
import Testing

@Suite struct OrderTests {
  private func line(
    _ number: UInt64, quantity: Int64, cancelled: Int64 = 0, fulfilled: Int64 = 0, returned: Int64 = 0
  ) throws -> OrderLine {
    OrderLine(
      id: Sample.id(number), variant: Sample.id(number), product: Sample.id(number), sku: try #require(SKU("S\(number)")),
      title: "Thing", options: [], quantity: quantity, unitAmount: 500, subtotal: 500 * quantity, discount: 0,
      taxClass: .standard, taxRate: .zero, tax: 0, taxIncluded: 0, total: 500 * quantity, requiresShipping: true,
      cancelled: cancelled, fulfilled: fulfilled, returned: returned)
  }

  private func order(_ lines: [OrderLine], status: OrderStatus = .confirmed, payments: [Payment] = []) throws -> Order {
    Order(
      id: Sample.id(1), number: 1_001, cart: Sample.id(1), customer: nil, status: status,
      email: try #require(EmailAddress("ada@example.com")), lines: lines,
      totals: try Totals(currency: .usd, subtotal: 1_000, discount: 0, shipping: 0, tax: 0, taxIncluded: 0),
      shippingAddress: nil, billingAddress: nil, shippingMethod: nil, payments: payments, version: 1, createdAt: Sample.now)
  }

  @Test func `an order that nothing of has been sent is cancelled whole and its money given back`() throws {
    let cancellation = try OrderCancellation.decide(
      order(
        [line(1, quantity: 2), line(2, quantity: 3, cancelled: 1), line(3, quantity: 1, cancelled: 1)],
        payments: [Sample.payment(1, authorized: 1_000), Sample.payment(2, status: .failed)]))
    #expect(cancellation.quantities.map(\.quantity) == [2, 2])
    #expect(cancellation.voids == [Sample.id(1)])
  }

  @Test func `an order that is over, sent in part or captured is not cancelled`() throws {
    for order in try [
      order([line(1, quantity: 1)], status: .completed), order([line(1, quantity: 1)], status: .cancelled),
      order([line(1, quantity: 2, fulfilled: 1)]),
      order([line(1, quantity: 1)], payments: [Sample.payment(authorized: 1_000, captured: 1)]),
    ] {
      #expect(throws: Refusal.orderNotCancellable(order.status)) { try OrderCancellation.decide(order) }
    }
  }

  @Test func `an order moves only along its transitions`() {
    let allowed = OrderStatus.allCases.flatMap { from in
      OrderStatus.allCases.filter { from.canBecome($0) }.map { "\(from.rawValue) \($0.rawValue)" }
    }
    #expect(
      Set(allowed) == [
        "pending_payment confirmed", "pending_payment cancelled", "pending_payment expired", "confirmed processing",
        "confirmed cancelled", "processing completed", "processing cancelled",
      ])
  }

  @Test func `payment status is derived from what was authorised, captured, refunded and voided`() throws {
    func status(_ payments: Payment...) -> OrderPaymentStatus { OrderPaymentStatus(of: payments, total: 1_000) }
    #expect(status() == .pending)
    #expect(status(Sample.payment(authorized: 1_000)) == .authorized)
    #expect(status(Sample.payment(authorized: 1_000, captured: 400)) == .partiallyCaptured)
    #expect(status(Sample.payment(authorized: 1_000, captured: 1_000)) == .captured)
    #expect(status(Sample.payment(authorized: 1_000, captured: 1_000, refunded: 1)) == .partiallyRefunded)
    #expect(status(Sample.payment(authorized: 1_000, captured: 1_000, refunded: 1_000)) == .refunded)
    #expect(status(Sample.payment(authorized: 1_000, voided: 1_000)) == .voided)
    #expect(OrderPaymentStatus(of: [], total: 0) == .captured)
  }

  @Test func `fulfilment status is derived from what was sent and came back`() throws {
    #expect(try FulfilmentStatus(of: [line(1, quantity: 2)]) == .unfulfilled)
    #expect(try FulfilmentStatus(of: [line(1, quantity: 2, fulfilled: 1)]) == .partiallyFulfilled)
    #expect(try FulfilmentStatus(of: [line(1, quantity: 2, cancelled: 1, fulfilled: 1)]) == .fulfilled)
    #expect(try FulfilmentStatus(of: [line(1, quantity: 2, fulfilled: 2, returned: 1)]) == .partiallyReturned)
    #expect(try FulfilmentStatus(of: [line(1, quantity: 2, fulfilled: 2, returned: 2)]) == .returned)
  }
}
