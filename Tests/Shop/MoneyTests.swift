import Shop
import Testing

@Suite struct MoneyTests {
  @Test(arguments: [
    ("89.99", "USD", 8_999), ("0.05", "USD", 5), ("12", "USD", 1_200), ("12.5", "USD", 1_250), ("-3.10", "EUR", -310),
    ("1500", "JPY", 1_500), ("1.234", "KWD", 1_234), ("0", "USD", 0), ("1.2345", "CLF", 12_345),
    ("90071992547409.91", "USD", 9_007_199_254_740_991),
  ])
  func `a decimal price becomes exact minor units`(text: String, code: String, amount: Int64) throws {
    let currency = try #require(Currency(code))
    #expect(try Money(decimal: text, currency) == Money(amount, currency))
  }

  @Test(arguments: ["", ".", "1.", ".5", "1,000", "1e3", " 1", "1 ", "+1", "--1", "1.2.3", "0x10", "١", "-", "NaN"])
  func `what is not a plain decimal number is refused`(text: String) {
    #expect(throws: Money.ParseError.notANumber) { try Money(decimal: text, .usd) }
  }

  @Test func `more decimals than the currency has are refused, never rounded`() {
    #expect(throws: Money.ParseError.tooManyDecimals(allowed: 2)) { try Money(decimal: "1.999", .usd) }
    #expect(throws: Money.ParseError.tooManyDecimals(allowed: 0)) { try Money(decimal: "1.0", .jpy) }
  }

  @Test func `an amount beyond what JSON keeps exact is refused`() {
    #expect(throws: Money.ParseError.tooLarge) { try Money(decimal: "90071992547409.92", .usd) }
    #expect(throws: Money.ParseError.tooLarge) { try Money(decimal: "99999999999999999999999999", .usd) }
    #expect(throws: Money.ParseError.tooLarge) { try Money(decimal: "9007199254740991", .usd) }
  }

  @Test func `an amount written as a decimal reads back as itself`() throws {
    var random = SeededGenerator(seed: 11)
    for currency in Currency.all {
      for _ in 0..<200 {
        let money = Money(.random(in: -Money.largestAmount...Money.largestAmount, using: &random), currency)
        #expect(try Money(decimal: money.decimal, currency) == money)
      }
    }
    #expect(Money(-5, .usd).decimal == "-0.05")
  }

  @Test func `rounding goes to the nearest and ties go to the even neighbour`() throws {
    for (value, expected) in [(5, 0), (15, 2), (25, 2), (35, 4), (-5, 0), (-15, -2), (-25, -2), (26, 3), (24, 2), (-26, -3)] {
      #expect(try Rounding.halfEven(Int64(value), times: 1, over: 10) == Int64(expected))
    }
  }

  @Test func `rounding a product beyond 64 bits is exact, and beyond the result refused`() throws {
    #expect(try Rounding.halfEven(.max, times: 1_000_000, over: 1_000_000) == .max)
    #expect(throws: ArithmeticOverflow()) { try Rounding.halfEven(.max, times: 2, over: 1) }
    #expect(throws: ArithmeticOverflow()) { try Rounding.halfEven(1, times: 1, over: 0) }
  }
}
