import Shop
import Testing

@Suite struct DiscountingTests {
  private static func code(
    _ number: UInt64, _ value: CartDiscount.Value, minimum: Int64? = nil, from start: Int64? = nil, to end: Int64? = nil,
    isActive: Bool = true, isExhausted: Bool = false, isSpent: Bool = false, isCombinable: Bool = true
  ) throws -> CartDiscount {
    CartDiscount(
      id: Sample.id(number), code: try #require(DiscountCode("CODE-\(number)")), value: value, minimumSubtotal: minimum,
      startsAt: start.map { Sample.now.adding(seconds: $0) }, endsAt: end.map { Sample.now.adding(seconds: $0) },
      isActive: isActive, isExhausted: isExhausted, isSpent: isSpent, isCombinable: isCombinable)
  }

  private static func applied(_ codes: [CartDiscount], to subtotals: [Int64]) throws -> Discounting.Result {
    try Discounting(codes, at: Sample.now).applied(to: subtotals)
  }

  private static func problem(_ code: CartDiscount, subtotal: Int64 = 1_000) throws -> Fault.Code? {
    try applied([code], to: [subtotal]).problems.first?.code
  }

  @Test func `a percentage is rounded once over all lines and divided so that the parts add up`() throws {
    // 10 % of 0.15 is 0.015, half to even 0.02; line by line it would be 0.00 three times.
    let result = try Self.applied([Self.code(1, .percentage(basisPoints: 1_000))], to: [5, 5, 5])
    #expect(result.perLine == [1, 1, 0])
    #expect(result.taken.map(\.amount) == [2])
    #expect(try Self.applied([Self.code(1, .percentage(basisPoints: 10_000))], to: [5, 0, 7]).perLine == [5, 0, 7])
  }

  @Test func `a fixed amount is divided in proportion, and ends at nothing`() throws {
    #expect(try Self.applied([Self.code(1, .amount(100))], to: [1_000, 2_000, 0]).perLine == [33, 67, 0])
    let all = try Self.applied([Self.code(1, .amount(9_999))], to: [1_000, 2_000])
    #expect(all.perLine == [1_000, 2_000])
    #expect(all.taken.map(\.amount) == [3_000])
    #expect(try Self.applied([Self.code(1, .amount(500))], to: []).taken == [])
  }

  @Test func `each code takes from what those before it have left`() throws {
    let (tenth, five) = (try Self.code(1, .percentage(basisPoints: 1_000)), try Self.code(2, .amount(500)))
    #expect(try Self.applied([tenth, five], to: [10_000]).taken.map(\.amount) == [1_000, 500])
    #expect(try Self.applied([five, tenth], to: [10_000]).taken.map(\.amount) == [500, 950])
    // Where nothing is left there is nothing to take, and so no use of the code.
    let free = try Self.code(3, .percentage(basisPoints: 10_000))
    #expect(try Self.applied([free, five], to: [10_000]).taken.map(\.code.text) == ["CODE-3"])
  }

  @Test func `a code that does not count says why, and takes nothing`() throws {
    let all = CartDiscount.Value.percentage(basisPoints: 10_000)
    #expect(try Self.problem(Self.code(1, all)) == nil)
    #expect(try Self.problem(Self.code(1, all, isActive: false)) == .discountUnknown)
    #expect(try Self.problem(Self.code(1, all, from: 1)) == .discountNotStarted)
    #expect(try Self.problem(Self.code(1, all, from: 0, to: 1)) == nil)
    #expect(try Self.problem(Self.code(1, all, to: 0)) == .discountExpired)
    #expect(try Self.problem(Self.code(1, all, isExhausted: true)) == .discountExhausted)
    #expect(try Self.problem(Self.code(1, all, isSpent: true)) == .discountSpent)
    #expect(try Self.problem(Self.code(1, .elsewhere)) == .discountOtherCurrency)
    #expect(try Self.problem(Self.code(1, all, minimum: 1_001)) == .discountBelowMinimum)
    #expect(try Self.problem(Self.code(1, all, minimum: 1_000)) == nil)
    let result = try Self.applied(
      [Self.code(1, .amount(5), to: 0), Self.code(2, .amount(7)), Self.code(3, .elsewhere)], to: [100])
    #expect(result.perLine == [7])
    #expect(
      result.problems == [
        CartProblem(code: .discountExpired, pointer: "/discount_codes/0"),
        CartProblem(code: .discountOtherCurrency, pointer: "/discount_codes/2"),
      ])
  }

  @Test func `a minimum counts what the lines cost before any discount`() throws {
    let result = try Self.applied(
      [Self.code(1, .percentage(basisPoints: 5_000)), Self.code(2, .amount(100), minimum: 1_000)], to: [1_000])
    #expect(result.taken.map(\.amount) == [500, 100])
  }

  @Test func `codes stand together where all of them may, and what does not count is in nobody's way`() throws {
    let alone = try Self.code(1, .amount(1), isCombinable: false)
    let friendly = try Self.code(2, .amount(2))
    let over = try Self.code(3, .amount(4), to: 0, isCombinable: false)
    let cases: [(codes: [CartDiscount], amounts: [Int64], problems: [Fault.Code])] = [
      ([alone, friendly], [1], [.discountNotCombinable]), ([friendly, alone], [2], [.discountNotCombinable]),
      ([over, friendly, alone], [2], [.discountExpired, .discountNotCombinable]), ([over, alone], [1], [.discountExpired]),
    ]
    for (codes, amounts, problems) in cases {
      let result = try Self.applied(codes, to: [100])
      #expect(result.taken.map(\.amount) == amounts)
      #expect(result.problems.map(\.code) == problems)
    }
  }

  @Test func `tax is on what is left, whether prices contain it or not`() throws {
    let discounting = Discounting([try Self.code(1, .percentage(basisPoints: 1_000))], at: Sample.now)
    let lines = [try Sample.offered(1, quantity: 2, amount: 8_999)]
    let onTop = try Pricing.price(
      lines, currency: .usd, tax: PricingTests.zone(82_500, isInclusive: false), shipping: 500, discounting: discounting)
    #expect(onTop.totals.discount == 1_800)
    // 8.25 % of 161.98 is 13.36, of the shipping 0.41.
    #expect(onTop.totals.tax == 1_336 + 41)
    #expect(onTop.totals.total == 17_998 - 1_800 + 500 + 1_377)
    #expect(onTop.lines[0].total == 17_998 - 1_800 + 1_336)
    let within = try Pricing.price(
      lines, currency: .eur, tax: PricingTests.zone(190_000, isInclusive: true), shipping: 500, discounting: discounting)
    #expect(within.totals.taxIncluded == 2_586 + 80)
    #expect(within.totals.total == 17_998 - 1_800 + 500)
  }

  @Test func `fifty thousand random carts with random codes lose no minor unit`() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<50_000 {
      let zone = try PricingTests.zone(
        .random(in: 0...270_000, using: &random), isInclusive: .random(using: &random), taxesShipping: .random(using: &random))
      let lines = try (0..<UInt64.random(in: 0...8, using: &random)).map {
        let isPriced = Int.random(in: 0..<10, using: &random) > 0
        let most: Int64 = Bool.random(using: &random) ? 20 : 100_000
        return try Sample.offered(
          $0, quantity: .random(in: 1...100, using: &random), amount: isPriced ? .random(in: 0...most, using: &random) : nil)
      }
      let codes = try (0..<UInt64.random(in: 0...5, using: &random)).map {
        let value: CartDiscount.Value =
          switch Int.random(in: 0..<5, using: &random) {
          case 0...1: .percentage(basisPoints: .random(in: 1...10_000, using: &random))
          case 2...3: .amount(.random(in: 1...50_000, using: &random))
          default: .elsewhere
          }
        return try Self.code(
          $0, value, minimum: Bool.random(using: &random) ? .random(in: 0...50_000, using: &random) : nil,
          isExhausted: Int.random(in: 0..<9, using: &random) == 0, isCombinable: Int.random(in: 0..<4, using: &random) > 0)
      }
      let shipping = Int64.random(in: 0...5_000, using: &random)
      let priced = try Pricing.price(
        lines, currency: .usd, tax: zone, shipping: shipping, discounting: Discounting(codes, at: Sample.now))
      let totals = priced.totals
      var isExact = totals.discount == priced.discounts.reduce(0) { $0 + $1.amount }
      isExact = isExact && totals.discount == priced.lines.reduce(0) { $0 + $1.discount }
      isExact = isExact && totals.total == totals.subtotal - totals.discount + totals.shipping + totals.tax
      isExact = isExact && priced.lines.reduce(0) { $0 + $1.total } + shipping + priced.shippingTax == totals.total
      isExact = isExact && priced.lines.allSatisfy { (0...$0.subtotal).contains($0.discount) && $0.total >= 0 }
      isExact = isExact && priced.discounts.allSatisfy { $0.amount > 0 }
      isExact = isExact && priced.discounts.count + priced.discountProblems.count <= codes.count
      if !isExact { Issue.record("lost a unit: \(priced) by \(codes)") }
    }
  }

  @Test func `random amounts are divided into parts that add up and are within one unit of their share`() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<50_000 {
      let most: Int64 = Bool.random(using: &random) ? 3 : Money.highestPrice * 1_000
      let weights = (0..<Int.random(in: 0...9, using: &random)).map { _ in Int64.random(in: 0...most, using: &random) }
      let sum = weights.reduce(0, +)
      let amount = Int64.random(in: 0...max(sum, 1), using: &random)
      let parts = LargestRemainder.parts(of: amount, by: weights)
      var isExact = parts.reduce(0, +) == (sum > 0 ? amount : 0)
      for (part, weight) in zip(parts, weights) {
        let error = Int128(part) * Int128(sum) - Int128(amount) * Int128(weight)
        isExact = isExact && (0...weight).contains(part) && error.magnitude < max(sum, 1).magnitude
      }
      if !isExact { Issue.record("\(amount) by \(weights) is not \(parts)") }
    }
    #expect(LargestRemainder.parts(of: 2, by: [1, 1, 1]) == [1, 1, 0])
    #expect(LargestRemainder.parts(of: 5, by: [0, 0]) == [0, 0])
  }
}
