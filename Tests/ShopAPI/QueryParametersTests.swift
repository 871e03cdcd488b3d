import HTTP
import Shop
import Testing

@testable import ShopAPI

struct QueryParametersTests {
  private func query(_ text: String) throws -> QueryParameters {
    try QueryParameters(wireRequest("GET /v1/products?\(text) HTTP/1.1"))
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Refusal)?.code
    }
  }

  @Test func `parameters are read into types`() throws {
    let id = VariantID(UUIDv7(high: 1, low: 2))
    var query = try query(
      "limit=100&sort=-price&filter[in_stock]=true&currency=EUR&filter%5Bprice.gte%5D=10&q=a+b%26c&variant_id=\(id)")
    #expect(try query.limit() == 100)
    #expect(try query.choice("sort", ProductSort.self) == .priceDescending)
    #expect(try query.bool("filter[in_stock]") == true)
    #expect(try query.currency("currency") == .eur)
    #expect(try query.integer("filter[price.gte]", in: 0...100) == 10)
    #expect(try query.integer("filter[price.lte]", in: 0...100) == nil)
    #expect(try query.identifier("variant_id", VariantKind.self) == id)
    #expect(query.string("q") == "a b&c")
    #expect(query.string("after") == nil)
    try query.finish()
  }

  @Test func `brackets may be raw or encoded, and attributes take lists`() throws {
    for text in [
      "filter[attribute.color]=red,blue&filter[attribute.size]=S",
      "filter%5Battribute.color%5D=red%2Cblue&filter%5Battribute.size%5D=S",
    ] {
      var query = try query(text)
      #expect(
        try query.attributes() == [
          AttributeFilter(name: "color", values: ["red", "blue"]), AttributeFilter(name: "size", values: ["S"]),
        ])
      try query.finish()
    }
  }

  @Test func `nothing asked is the usual page`() throws {
    var query = try query("")
    #expect(try query.limit() == 24)
    try query.finish()
  }

  @Test(arguments: ["0", "101", "-1", "", "+5", "5.0", "1e1", "0x5", " 5", "99999999999999999999", "٣"])
  func `a limit beyond 1 to 100, or that is no integer, is refused`(limit: String) throws {
    let encoded = limit.utf8.map {
      $0 > 0x20 && $0 < 0x7F && $0 != 0x2B ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16)
    }.joined()
    var query = try query("limit=\(encoded)")
    #expect(refusal { _ = try query.limit() } == "invalid_parameter")
  }

  @Test func `an unknown parameter is refused`() throws {
    var query = try query("limit=1&colour=red")
    _ = try query.limit()
    #expect(refusal { try query.finish() } == "unknown_parameter")
  }

  @Test(arguments: ["limit=1&limit=1", "a=1&%61=2", "q=%ff", "q=%00"])
  func `a repeated name or broken encoding is refused`(text: String) {
    #expect(refusal { _ = try query(text) } == "invalid_parameter")
  }

  @Test(arguments: ["filter[attribute.]=a", "filter[attribute.color]=", "filter[attribute.color]=a,,b"])
  func `an attribute filter without name or value is refused`(text: String) throws {
    var query = try query(text)
    #expect(refusal { _ = try query.attributes() } == "invalid_parameter")
  }

  @Test func `a long name is not echoed whole`() throws {
    let query = try query(String(repeating: "x", count: 5_000) + "=1")
    #expect(
      throws: Refusal.malformed(.unknownParameter, detail: "There is no parameter “\(String(repeating: "x", count: 64))…” here.")
    ) {
      try query.finish()
    }
  }
}
