import Shop
import Testing

@Suite struct CheckoutTests {
  private func state(
    _ lines: [OfferedLine], cart: Cart? = nil, onHand: Int64 = 100, shipping: [ShippingOption]? = nil
  ) throws -> CheckoutState {
    CheckoutState(
      cart: try cart ?? Sample.cart(lines.map(\.line)), lines: lines, tax: .untaxed,
      shippingOptions: shipping ?? [ShippingOption(id: "standard", title: "Standard", price: Money(500, .usd))],
      levels: lines.map {
        StockLevel(variant: $0.line.variant, location: Sample.id(1), onHand: onHand, reserved: 0, backorderLimit: 0)
      },
      holds: [])
  }

  @Test func `a complete cart at the agreed total becomes a plan`() throws {
    let plan = try Checkout.decide(
      state([Sample.offered(1, quantity: 2), Sample.offered(2)]), expected: Money(3_500, .usd), now: Sample.now)
    #expect(plan.total == Money(3_500, .usd))
    #expect(plan.needsPayment)
    #expect(plan.allocation.holds.map(\.quantity) == [2, 1])
    #expect(plan.priced.lines.compactMap { OrderLine($0) }.map(\.total) == [2_000, 1_000])
  }

  @Test func `another total than the shopper saw is refused with the present one`() throws {
    let state = try state([Sample.offered(1)])
    for expected in [Money(1_499, .usd), Money(1_501, .usd), Money(1_500, .eur)] {
      #expect(throws: Refusal.priceChanged(current: Money(1_500, .usd))) {
        try Checkout.decide(state, expected: expected, now: Sample.now)
      }
    }
  }

  @Test func `an empty cart, and one that lacks something, is refused`() throws {
    #expect(throws: Refusal.cartEmpty) { try Checkout.decide(state([]), expected: Money(0, .usd), now: Sample.now) }
    let line = try Sample.offered(1)
    let bare = try state([line], cart: Sample.cart([line.line], isComplete: false))
    #expect(throws: Refusal.cartIncomplete([.email, .shippingAddress, .shippingMethod])) {
      try Checkout.decide(bare, expected: Money(1_500, .usd), now: Sample.now)
    }
    #expect(throws: Refusal.cartIncomplete([.shippingMethod])) {
      try Checkout.decide(state([line], shipping: []), expected: Money(1_500, .usd), now: Sample.now)
    }
  }

  @Test func `nothing to send needs no address, and nothing to pay needs no provider`() throws {
    let line = try Sample.offered(1, amount: 0, ships: false)
    let cart = Cart(
      id: Sample.id(1), status: .active, currency: .usd, country: nil, email: EmailAddress("ada@example.com"), customer: nil,
      shippingAddress: nil, billingAddress: nil, shippingMethod: nil, lines: [line.line], order: nil, version: 1,
      expiresAt: Sample.now.adding(seconds: 1), createdAt: Sample.now, updatedAt: Sample.now)
    let plan = try Checkout.decide(state([line], cart: cart), expected: Money(0, .usd), now: Sample.now)
    #expect(plan.shipping == nil)
    #expect(!plan.needsPayment)
  }

  @Test func `what is no longer for sale and what is no longer there is refused`() throws {
    let gone = try [Sample.offered(1), Sample.offered(2, isSellable: false), Sample.offered(3, amount: nil)]
    let goneState = try state(gone)
    do throws(Refusal) {
      _ = try Checkout.decide(goneState, expected: Money(1_500, .usd), now: Sample.now)
      Issue.record("sold")
    } catch {
      guard case .notSellable(let faults) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(faults.map(\.pointer) == ["/lines/1", "/lines/2"])
    }
    let short = try state([Sample.offered(1, quantity: 2)], onHand: 1)
    #expect(throws: Refusal.outOfStock([.init(line: 0, variant: Sample.id(1), requested: 2, available: 1)])) {
      try Checkout.decide(short, expected: Money(2_500, .usd), now: Sample.now)
    }
  }

  @Test func `a cart is held whole or not at all, and only what is for sale`() throws {
    let lines = try [Sample.offered(1, quantity: 2)]
    let levels = try state(lines).levels
    #expect(try Checkout.hold(lines, levels: levels, own: []).holds.map(\.quantity) == [2])
    #expect(throws: Refusal.cartEmpty) { try Checkout.hold([], levels: [], own: []) }
    let gone = try [Sample.offered(1, isSellable: false)]
    #expect(throws: Refusal.self) { try Checkout.hold(gone, levels: levels, own: []) }
  }

  @Test func `a cart that is being paid or was ordered is not completed again`() throws {
    let line = try Sample.offered(1)
    let paying = try state([line], cart: Sample.cart([line.line], status: .completing))
    #expect(throws: Refusal.checkoutInProgress(retryAfter: 2)) {
      try Checkout.decide(paying, expected: Money(1_500, .usd), now: Sample.now)
    }
    let ordered = try state([line], cart: Sample.cart([line.line], status: .ordered, order: Sample.id(5)))
    #expect(throws: Refusal.cartClosed(order: Sample.id(5))) {
      try Checkout.decide(ordered, expected: Money(1_500, .usd), now: Sample.now)
    }
  }

  @Test func `an outcome settles a pending payment once`() {
    for status in [PaymentStatus.authorizing, .unknown, .requiresAction] {
      #expect(Settlement(of: .authorised(reference: "a"), for: status) == .order(reference: "a"))
      #expect(Settlement(of: .declined, for: status) == .release)
      #expect(Settlement(of: .unknown, for: status) == .awaitProvider)
    }
    #expect(Settlement(of: .authorised(reference: "a"), for: .authorized) == .nothing)
    #expect(Settlement(of: .declined, for: .authorized) == .nothing)
    #expect(Settlement(of: .unknown, for: .failed) == .nothing)
  }

  @Test func `a payment that is being voided becomes no order, whatever the provider says first`() {
    for status in [PaymentStatus.authorizing, .unknown, .requiresAction] {
      #expect(Settlement(of: .authorised(reference: "a"), for: status, isBeingVoided: true) == .awaitProvider)
      #expect(
        Settlement(of: .requiresAction(.redirect(url: "u"), reference: "a"), for: status, isBeingVoided: true) == .awaitProvider)
      #expect(Settlement(of: .declined, for: status, isBeingVoided: true) == .release)
    }
    #expect(Settlement(of: .authorised(reference: "a"), for: .failed, isBeingVoided: true) == .voidLate(reference: "a"))
  }

  @Test func `money that is reserved after the cart was let go is given back`() {
    #expect(Settlement(of: .authorised(reference: "a"), for: .failed) == .voidLate(reference: "a"))
    #expect(Settlement(of: .authorised(reference: "a"), for: .voided) == .voidLate(reference: "a"))
  }
}
