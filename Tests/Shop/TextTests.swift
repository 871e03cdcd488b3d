import Shop
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    "ada@example.com", "a.b+tag@sub.example.co.uk", "o'neil@example.ie", "päivi@example.fi", "x@bücher.example", "1@2.example",
  ])
  func `an address that mail can reach is accepted`(text: String) {
    #expect(EmailAddress(text)?.text == text)
  }

  @Test(arguments: [
    "", "ada", "@example.com", "ada@", "ada@example", "ada@@example.com", "a b@example.com", ".ada@example.com",
    "ada.@example.com",
    "a..b@example.com", "ada@-example.com", "ada@example-.com", "ada@example..com", "ada@127.0.0.1",
    "ada@example.com\r\nBcc: x@y.zz",
    "\"ada\"@example.com", "ada@example.com ", "ada@exa_mple.com", "ada\u{A0}@example.com", "ada\u{0}@example.com",
  ])
  func `what is no address is refused`(text: String) {
    #expect(EmailAddress(text) == nil)
  }

  @Test func `an address has at most 254 bytes and 64 before the at sign`() {
    let domain =
      String(repeating: "d", count: 60) + "." + String(repeating: "d", count: 60) + "." + String(repeating: "d", count: 60)
    #expect(EmailAddress(String(repeating: "a", count: 64) + "@example.com") != nil)
    #expect(EmailAddress(String(repeating: "a", count: 65) + "@example.com") == nil)
    #expect(EmailAddress(String(repeating: "a", count: 64) + "@" + domain + ".ddd") != nil)
    #expect(EmailAddress(String(repeating: "a", count: 64) + "@" + domain + ".ddddddd") == nil)
  }

  @Test(arguments: [
    ("Sunlit Serenity Linen Shirt", "sunlit-serenity-linen-shirt"),
    ("Zen Desk Duo: Lucky Cat & Snake Plant", "zen-desk-duo-lucky-cat-and-snake-plant"),
    ("Men's  Café--Crème", "mens-cafe-creme"), ("Größe", "groesse"), ("  ÅÄÖ 12 ", "aaeoe-12"), ("nuts/seeds", "nuts-seeds"),
    ("e\u{301}clair", "eclair"),
  ])
  func `a title suggests a handle`(title: String, handle: String) {
    #expect(Handle(slugOf: title)?.text == handle)
  }

  @Test func `a handle keeps its suffix whole and its length in bounds`() throws {
    let long = String(repeating: "long title ", count: 40)
    let handle = try #require(Handle(slugOf: long, suffix: "00096972"))
    #expect(handle.text.utf8.count <= 128)
    #expect(handle.text.hasSuffix("-00096972"))
    #expect(Handle(slugOf: "茶", suffix: "00096972")?.text == "00096972")
    #expect(Handle(slugOf: "茶") == nil)
  }

  @Test(arguments: [
    "", "-a", "a-", "a--b", "A", "a_b", "a b", "é", "prod_00000000000000000000000000", String(repeating: "a", count: 129),
  ])
  func `what breaks the rules of handles is refused`(text: String) {
    #expect(Handle(text) == nil)
  }

  @Test(arguments: [
    "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "flat 12 4111 1111 1111 1111", "378282246310005",
    "5555555555554444", "2223003122003222", "6011111111111117", "3530111333300000", "30569309025904", "card:4242424242424242.",
    "4222222222222",
  ])
  func `text that looks like a card number is recognised`(text: String) {
    #expect(CardNumber.isIn(text))
  }

  @Test(arguments: [
    "", "4111111111111112", "4006381333931", "9780201379624", "1234567890123456", "4111 1111  1111 1111", "2026-11-21 04:55:12",
    "41111111111111", "call 555 0100", "41111111111111111111111", "4111x1111x1111x1111",
  ])
  func `other numbers are left alone`(text: String) {
    #expect(!CardNumber.isIn(text))
  }

  @Test func `a text keeps to its length, has no control characters and no card number`() {
    var faults = Faults()
    let rule = TextRule(longest: 5)
    #expect(rule.required("héllo", at: "/a", &faults) == "héllo")
    #expect(faults.isEmpty)
    #expect(rule.required(nil, at: "/b", &faults) == nil)
    #expect(rule.required(" \u{2003}", at: "/c", &faults) == nil)
    #expect(rule.required("hello!", at: "/d", &faults) == nil)
    #expect(rule.optional("a\u{7}", at: "/e", &faults) == nil)
    #expect(TextRule.title.optional("4111 1111 1111 1111", at: "/f", &faults) == nil)
    #expect(TextRule.phone.optional("4111 1111 1111 1111", at: "/g", &faults) != nil)
    #expect(faults.all.map(\.code) == [.required, .empty, .tooLong, .malformed, .cardNumber])
    #expect(faults.all.map(\.pointer) == ["/b", "/c", "/d", "/e", "/f"])
  }

  @Test func `countries and SKUs are known by their form`() {
    #expect(Country("DE")?.code == "DE")
    #expect(Country.all.count == 249)
    for text in ["", "D", "de", "DEU", "XX", "EU", "UK"] { #expect(Country(text) == nil) }
    #expect(SKU("APP-SHIRT-00096972") != nil)
    for text in ["", "a b", "é", String(repeating: "A", count: 65), "A\n"] { #expect(SKU(text) == nil) }
  }

  @Test func `an address tells all its faults at once`() {
    let draft = Address.Draft(name: "", line1: nil, line2: "a\u{1}", city: "Bonn", postalCode: "53111", country: "de")
    #expect(throws: Refusal.self) { try draft.checked(at: "/shipping_address") }
    do {
      _ = try draft.checked(at: "/shipping_address")
    } catch {
      guard case .invalid(let faults) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        Set(faults.map(\.pointer)) == [
          "/shipping_address/name", "/shipping_address/line1", "/shipping_address/line2", "/shipping_address/country",
        ])
    }
  }

  @Test func `every refusal's code is its own`() {
    let codes = [
      Refusal.unauthenticated, .forbidden, .notFound, .cartEmpty, .paymentDeclined, .preconditionRequired, .idempotencyMismatch,
      .outOfStock([]), .invalid([]), .priceChanged(current: Money(1, .usd)), .cartClosed(order: nil), .cartIncomplete([]),
      .checkoutInProgress(retryAfter: 1), .notSellable([]), .stockReserved(reserved: 1), .stockChanged(onHand: 1),
      .orderNotCancellable(.completed), .inUse(detail: ""), .stale(current: 1), .idempotencyInProgress(retryAfter: 1),
      .rateLimited(retryAfter: 1), .overloaded(retryAfter: 1), .unavailable(retryAfter: 1),
    ].map(\.code)
    #expect(Set(codes).count == codes.count)
  }
}
