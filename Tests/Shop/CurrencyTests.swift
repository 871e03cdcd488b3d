import Shop
import Testing

@Suite struct CurrencyTests {
  @Test(arguments: [("JPY", 0), ("USD", 2), ("EUR", 2), ("KWD", 3), ("TND", 3), ("CLF", 4), ("ISK", 0), ("XCG", 2)])
  func `a currency knows its decimals`(code: String, exponent: Int) throws {
    #expect(try #require(Currency(code)).exponent == exponent)
  }

  @Test(arguments: ["", "US", "USDD", "usd", "XXX", "XAU", "HRK", "BGN", "AAA", "U D", "ÜSD"])
  func `what is not an active code is refused`(code: String) {
    #expect(Currency(code) == nil)
  }

  @Test func `the named currencies are those of the table`() {
    #expect(Currency("USD") == .usd)
    #expect(Currency("EUR") == .eur)
    #expect(Currency("GBP") == .gbp)
    #expect(Currency("JPY") == .jpy)
    #expect(Currency.all.count > 150)
    #expect(Currency.all.allSatisfy { Currency($0.code) == $0 })
  }
}
