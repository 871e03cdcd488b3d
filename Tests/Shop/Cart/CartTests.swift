import Shop
import Testing

@Suite struct CartTests {
  @Test func `the same variant adds up in its line`() throws {
    let cart = try Sample.cart([Sample.line(1, quantity: 999)])
    let offer = try Sample.offer(1)
    #expect(
      try cart.decideAddition(of: offer.variant, quantity: 1, offer: offer, now: Sample.now)
        == .existing(Sample.id(1), quantity: 1_000))
    #expect(throws: Refusal.self) { try cart.decideAddition(of: offer.variant, quantity: 2, offer: offer, now: Sample.now) }
    let other = try Sample.offer(2)
    #expect(try cart.decideAddition(of: other.variant, quantity: 3, offer: other, now: Sample.now) == .newLine(quantity: 3))
  }

  @Test(arguments: [0, -1, 1_001, Int64.max, Int64.min])
  func `a quantity beyond the limits is refused`(quantity: Int64) throws {
    let cart = try Sample.cart([Sample.line(1)])
    let offer = try Sample.offer(1)
    #expect(throws: Refusal.invalid("/quantity", .outOfRange, "From 1 to 1000.")) {
      try cart.decideAddition(of: offer.variant, quantity: quantity, offer: offer, now: Sample.now)
    }
  }

  @Test func `what is unknown, not for sale or without a price is not added`() throws {
    let cart = try Sample.cart([])
    let id: VariantID = Sample.id(1)
    for (offer, code) in [
      (nil, Fault.Code.unknownReference), (try Sample.offer(1, isSellable: false), .notSellable),
      (try Sample.offer(1, amount: nil), .notPriced),
    ] {
      do {
        _ = try cart.decideAddition(of: id, quantity: 1, offer: offer, now: Sample.now)
        Issue.record("added")
      } catch {
        guard case .invalid(let faults) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.pointer) == ["/variant_id"])
      }
    }
  }

  @Test func `a cart takes a hundred lines and no more`() throws {
    let full = try Sample.cart((1...100).map { Sample.line($0) })
    let offer = try Sample.offer(101)
    #expect(throws: Refusal.self) { try full.decideAddition(of: offer.variant, quantity: 1, offer: offer, now: Sample.now) }
    let present = try Sample.offer(100)
    #expect(
      try full.decideAddition(of: present.variant, quantity: 1, offer: present, now: Sample.now)
        == .existing(Sample.id(100), quantity: 2))
  }

  @Test func `quantity zero removes a line`() throws {
    let cart = try Sample.cart([Sample.line(1, quantity: 5)])
    #expect(try cart.decideChange(of: Sample.id(1), quantity: 0, now: Sample.now) == .remove)
    #expect(try cart.decideChange(of: Sample.id(1), quantity: 7, now: Sample.now) == .set(quantity: 7))
    #expect(throws: Refusal.notFound) { try cart.decideChange(of: Sample.id(2), quantity: 1, now: Sample.now) }
    #expect(throws: Refusal.self) { try cart.decideChange(of: Sample.id(1), quantity: -1, now: Sample.now) }
  }

  @Test func `a closed cart takes no change and says what it became`() throws {
    let order: OrderID = Sample.id(9)
    #expect(throws: Refusal.cartClosed(order: order)) {
      try Sample.cart([], status: .ordered, order: order).checkOpen(at: Sample.now)
    }
    #expect(throws: Refusal.checkoutInProgress(retryAfter: 2)) {
      try Sample.cart([], status: .completing).checkOpen(at: Sample.now)
    }
    #expect(throws: Refusal.cartClosed(order: nil)) { try Sample.cart([], expiresAt: Sample.now).checkOpen(at: Sample.now) }
  }
}
