import Testing

@testable import HTTP

@Suite struct QueryTests {
  private func items(_ raw: String) -> [String]? {
    Query(Array(raw.utf8)[...])?.items.map { "\($0.name)→\($0.value)" }
  }

  @Test(
    arguments: [
      ("", []), ("a=b", ["a→b"]), ("a", ["a→"]), ("a=", ["a→"]), ("=b", ["→b"]), ("a=b=c", ["a→b=c"]),
      ("a=1&b=2&a=3", ["a→1", "b→2", "a→3"]), ("&&a=1&", ["a→1"]),
      ("filter[price.gte]=5", ["filter[price.gte]→5"]), ("filter%5Bprice.gte%5D=5", ["filter[price.gte]→5"]),
      ("filter%5bprice.gte%5d=5", ["filter[price.gte]→5"]), ("q=a+b%2Bc", ["q→a b+c"]), ("q=%C3%A9", ["q→é"]),
      ("a%3Db=c%26d", ["a=b→c&d"]), ("q=a,b", ["q→a,b"]),
    ] as [(String, [String])])
  func `names and values come decoded and in order`(_ raw: String, _ expected: [String]) {
    #expect(items(raw) == expected)
  }

  @Test(arguments: ["a=%", "a=%4", "a=%zz", "%=a", "a=%FF", "a=%C3", "a=%C0%AF", "a=%ED%A0%80", "a=%00", "a=\0", "a=1&b=%G0"])
  func `broken escapes and bytes that are not UTF-8 are refused`(_ raw: String) {
    #expect(items(raw) == nil)
  }

  @Test func `no query has no items`() { #expect(Query(nil)?.items == []) }
}
