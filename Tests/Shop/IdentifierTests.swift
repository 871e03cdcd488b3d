import Shop
import Testing

@Suite struct IdentifierTests {
  @Test func `an identifier has one text form that reads back as itself`() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let id = ProductID(UUIDv7(high: random.next(), low: random.next()))
      let text = id.description
      #expect(text.utf8.count == 31)
      #expect(ProductID(text) == id)
      #expect(UUIDv7(bytes: id.uuid.bytes) == id.uuid)
    }
  }

  @Test func `the text of known bytes is known`() {
    #expect(CartID(UUIDv7(high: 0, low: 0)).description == "cart_00000000000000000000000000")
    #expect(CartID(UUIDv7(high: .max, low: .max)).description == "cart_7zzzzzzzzzzzzzzzzzzzzzzzzz")
    #expect(VariantID(UUIDv7(high: 0, low: 33)).description == "var_00000000000000000000000011")
    #expect(UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001).description == "01900000-0000-7000-8000-000000000001")
  }

  @Test(arguments: [
    "", "prod_", "prod", "00000000000000000000000000", "prod_0000000000000000000000000", "prod_000000000000000000000000000",
    "prod_8zzzzzzzzzzzzzzzzzzzzzzzzz", "prod_zzzzzzzzzzzzzzzzzzzzzzzzzz", "PROD_00000000000000000000000000",
    "prod_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "prod_0000000000000000000000000i", "prod_0000000000000000000000000l",
    "prod_0000000000000000000000000o", "prod_0000000000000000000000000u", "prod_0000000000000-000000000000",
    "var_00000000000000000000000000", " prod_00000000000000000000000000", "prod_00000000000000000000000000 ",
    "prod_0000000000000000000000000\u{0}", "prod_0000000000000000000000000é", "prod-00000000000000000000000000",
  ])
  func `every other form is refused`(text: String) {
    #expect(ProductID(text) == nil)
  }

  @Test func `changing any one byte gives another identifier or none`() throws {
    let text = Array(ProductID(UUIDv7(high: 0x0190_ABCD_EF01_7234, low: 0x8123_4567_89AB_CDEF)).description.utf8)
    let original = try #require(ProductID(utf8: text))
    for position in text.indices {
      for byte in UInt8.min...UInt8.max where byte != text[position] {
        var changed = text
        changed[position] = byte
        #expect(ProductID(utf8: changed) != original)
        if let other = ProductID(utf8: changed) { #expect(Array(other.description.utf8) == changed) }
      }
    }
  }

  @Test func `identifiers sort alike as text, as bytes and as values`() {
    var random = SeededGenerator(seed: 3)
    let ids = (0..<2_000).map { _ in OrderID(UUIDv7(high: random.next(), low: random.next())) }.sorted()
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.description < $1.description })
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.uuid.bytes.lexicographicallyPrecedes($1.uuid.bytes) })
  }

  @Test func `made identifiers increase although the clock stands still or steps back`() {
    var random = SeededGenerator(seed: 5)
    var generator = UUIDv7.Generator()
    var last = UUIDv7(high: 0, low: 0)
    for step in 0..<20_000 {
      let clock: Int64 = step < 10_000 ? 1_795_000_000_000 : 1_794_999_999_000
      let next = generator.next(milliseconds: clock, using: &random)
      #expect(last < next)
      #expect(next.high >> 12 & 0xF == 7)
      #expect(next.low >> 62 == 2)
      last = next
    }
    #expect(generator.next(milliseconds: 1_795_000_100_000, using: &random).timestamp.milliseconds == 1_795_000_100_000)
  }

  @Test func `sixteen bytes make a UUID, fifteen and seventeen do not`() {
    #expect(UUIDv7(bytes: [UInt8](repeating: 1, count: 16)) != nil)
    #expect(UUIDv7(bytes: [UInt8](repeating: 1, count: 15)) == nil)
    #expect(UUIDv7(bytes: [UInt8](repeating: 1, count: 17)) == nil)
  }
}
