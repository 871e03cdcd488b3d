import Shop
import Testing

@Suite struct PricingTests {
  static func zone(_ standard: Int64, reduced: Int64? = nil, isInclusive: Bool, taxesShipping: Bool = true) throws -> TaxZone {
    var rates = [TaxClass.standard: try #require(TaxRate(partsPerMillion: standard))]
    rates[.reduced] = reduced.flatMap { TaxRate(partsPerMillion: $0) }
    return TaxZone(isInclusive: isInclusive, taxesShipping: taxesShipping, rates: rates)
  }

  @Test func `two linen shirts to a taxed state cost what the API's example says`() throws {
    let priced = try Pricing.price(
      [Sample.offered(1, quantity: 2, amount: 8_999)], currency: .usd, tax: Self.zone(82_500, isInclusive: false), shipping: 500)
    #expect(priced.totals.subtotal == 17_998)
    #expect(priced.totals.shipping == 500)
    #expect(priced.totals.tax == 1_526)
    #expect(priced.totals.taxIncluded == 0)
    #expect(priced.totals.total == 20_024)
    #expect(priced.shippingTax == 41)
  }

  @Test func `where prices contain the tax it is shown and not added`() throws {
    let priced = try Pricing.price(
      [Sample.offered(1, quantity: 3, amount: 1_190), Sample.offered(2, amount: 1_070, taxClass: .reduced)], currency: .eur,
      tax: Self.zone(190_000, reduced: 70_000, isInclusive: true), shipping: 595)
    #expect(priced.lines.map(\.taxIncluded) == [570, 70])
    #expect(priced.lines.map(\.tax) == [0, 0])
    #expect(priced.totals.taxIncluded == 570 + 70 + 95)
    #expect(priced.totals.tax == 0)
    #expect(priced.totals.total == 3_570 + 1_070 + 595)
  }

  @Test func `tax is rounded for a line after its quantity, not for each piece`() throws {
    // 8.25 % of 0.99 is 0.081675: 0.08 a piece, but 0.82 for ten.
    let priced = try Pricing.price(
      [Sample.offered(1, quantity: 10, amount: 99)], currency: .usd,
      tax: Self.zone(82_500, isInclusive: false, taxesShipping: false), shipping: 500)
    #expect(priced.totals.tax == 82)
    #expect(priced.shippingTax == 0)
  }

  @Test func `a class without a rate pays the standard rate, and zero pays none`() throws {
    let zone = try Self.zone(200_000, isInclusive: false)
    #expect(zone.rate(for: .reduced).partsPerMillion == 200_000)
    #expect(zone.rate(for: .zero) == .zero)
    #expect(TaxZone.untaxed.rate(for: .standard) == .zero)
  }

  @Test func `a hundred thousand random carts lose no minor unit`() throws {
    var random = SeededGenerator(seed: 42)
    let classes = TaxClass.allCases
    let offers = try (0..<8).map { try Sample.offered($0, taxClass: classes[Int($0) % 3]) }
    for _ in 0..<100_000 {
      let zone = try Self.zone(
        .random(in: 0...270_000, using: &random), reduced: .random(in: 0...130_000, using: &random),
        isInclusive: .random(using: &random), taxesShipping: .random(using: &random))
      let lines = try offers.prefix(Int.random(in: 0...8, using: &random)).map { line in
        let offer = try #require(line.offer)
        return OfferedLine(
          line: CartLine(id: line.line.id, variant: offer.variant, quantity: .random(in: 1...1_000, using: &random)),
          offer: Offer(
            variant: offer.variant, product: offer.product, sku: offer.sku, title: offer.title, options: [],
            unitAmount: .random(in: 0...100_000, using: &random), taxClass: offer.taxClass, isSellable: true),
          availability: .inStock)
      }
      let shipping = Int64.random(in: 0...5_000, using: &random)
      let priced = try Pricing.price(lines, currency: .usd, tax: zone, shipping: shipping)
      let totals = priced.totals
      var isExact = totals.total == totals.subtotal - totals.discount + totals.shipping + totals.tax
      isExact = isExact && priced.lines.reduce(0) { $0 + $1.total } + shipping + priced.shippingTax == totals.total
      isExact = isExact && (zone.isInclusive ? totals.tax == 0 : totals.taxIncluded == 0)
      for line in priced.lines {
        let rate = line.taxRate.partsPerMillion
        // The rounded tax is within half a unit of the exact one; all in whole numbers.
        let base = zone.isInclusive ? 1_000_000 + rate : 1_000_000
        let error = (line.tax + line.taxIncluded) * base - line.subtotal * rate
        isExact = isExact && abs(error) * 2 <= base && line.total == line.subtotal + line.tax
      }
      // One expectation a cart: a million of them would take longer than the carts.
      if !isExact { Issue.record("lost a unit: \(priced)") }
    }
  }

  @Test func `the fullest cart at the highest price and rate still counts exactly`() throws {
    let lines = try (0..<UInt64(CartLimits.lines)).map {
      try Sample.offered($0, quantity: CartLimits.quantity.upperBound, amount: Money.highestPrice)
    }
    let priced = try Pricing.price(
      lines, currency: .usd, tax: Self.zone(1_000_000, isInclusive: false), shipping: Money.highestPrice)
    #expect(priced.totals.total <= Money.largestAmount)
  }

  @Test func `what cannot be counted is refused, never wrapped`() throws {
    let zone = try Self.zone(0, isInclusive: false)
    #expect(throws: ArithmeticOverflow()) {
      try Pricing.price([Sample.offered(1, quantity: 1_000, amount: .max / 2)], currency: .usd, tax: zone, shipping: 0)
    }
    #expect(throws: ArithmeticOverflow()) {
      try Pricing.price([Sample.offered(1, amount: Money.largestAmount)], currency: .usd, tax: zone, shipping: 1)
    }
  }

  @Test func `a quote names what stands between the cart and its order`() throws {
    let lines = try [
      Sample.offered(1, quantity: 2, available: 1), Sample.offered(2, isSellable: false), Sample.offered(3, amount: nil),
      Sample.offered(4, quantity: 2, available: 2), OfferedLine(line: Sample.line(5), offer: nil, availability: .out),
      Sample.offered(6, quantity: 1, available: -4),
    ]
    let quote = try Quote(lines: lines, currency: .usd, tax: .untaxed, shipping: 0, now: Sample.now)
    #expect(
      quote.problems == [
        CartProblem(code: .outOfStock, pointer: "/lines/0", available: 1), CartProblem(code: .notSellable, pointer: "/lines/1"),
        CartProblem(code: .notPriced, pointer: "/lines/2"), CartProblem(code: .notSellable, pointer: "/lines/4"),
        CartProblem(code: .outOfStock, pointer: "/lines/5", available: 0),
      ])
    #expect(quote.priced.totals.total == 2_000 + 1_000 + 2_000 + 1_000)
    #expect(quote.validUntil > Sample.now)
  }

  @Test func `of each shipping method the narrowest band that fits is offered`() throws {
    let rates = [
      ShippingRate(method: "standard", title: "Standard", heaviest: 1_000, amount: 500),
      ShippingRate(method: "standard", title: "Standard", heaviest: 5_000, amount: 900),
      ShippingRate(method: "express", title: "Express", heaviest: 1_000, amount: 1_500),
      ShippingRate(method: "freight", title: "Freight", heaviest: nil, amount: 9_900),
    ]
    func options(_ weight: Int64, ships: Bool = true) throws -> [String] {
      let lines = [try Sample.offered(1, quantity: 2, ships: ships, weight: weight)]
      return ShippingOption.all(for: lines, rates: rates, currency: .usd).map { "\($0.id) \($0.price.amount)" }
    }
    #expect(try options(500) == ["standard 500", "express 1500", "freight 9900"])
    #expect(try options(501) == ["standard 900", "freight 9900"])
    #expect(try options(2_501) == ["freight 9900"])
    #expect(try options(2_501, ships: false).first == "standard 500")
  }
}
