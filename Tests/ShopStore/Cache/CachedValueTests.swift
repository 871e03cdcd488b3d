import Testing

@testable import ShopStore

@Suite struct CachedValueTests {
  private let response = CachedResponse(body: Array("{\"id\":\"prod_1\"}".utf8), tag: "\"1.7\"", annex: [1, 2, 3])

  @Test func `an answer comes out of its envelope as it went in`() {
    #expect(CachedValue.decode(CachedValue.encode(response, key: "k"), key: "k") == response)
    let empty = CachedResponse(body: [], tag: "")
    #expect(CachedValue.decode(CachedValue.encode(empty, key: "k"), key: "k") == empty)
  }

  @Test func `any flipped bit is a miss`() {
    let bytes = CachedValue.encode(response, key: "k")
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        #expect(CachedValue.decode(damaged, key: "k") == nil)
      }
    }
  }

  @Test func `any cut or lengthened value is a miss`() {
    let bytes = CachedValue.encode(response, key: "k")
    for count in 0..<bytes.count { #expect(CachedValue.decode(Array(bytes[..<count]), key: "k") == nil) }
    #expect(CachedValue.decode(bytes + [0], key: "k") == nil)
  }

  @Test func `another key's answer is a miss`() {
    #expect(CachedValue.decode(CachedValue.encode(response, key: "k1"), key: "k2") == nil)
  }

  @Test func `noise is a miss`() {
    var random = SystemRandomNumberGenerator()
    for count in 0..<400 {
      var noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      if !noise.isEmpty { noise[0] = CachedValue.version }
      #expect(CachedValue.decode(noise, key: "k") == nil)
    }
  }
}
