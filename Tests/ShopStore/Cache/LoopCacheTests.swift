import Reactor
import Testing

@testable import ShopStore

@Suite struct LoopCacheTests {
  private func moment(_ milliseconds: UInt64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
  private func response(_ count: Int) -> CachedResponse { CachedResponse(body: [UInt8](repeating: 1, count: count), tag: "") }
  private func cache(_ capacity: Int = 100_000) -> LoopCache {
    LoopCache(capacity: capacity, freshTime: .seconds(1), confirmedTime: .seconds(10), staleTime: .seconds(60))
  }

  @Test func `an answer is fresh for its second, to be confirmed for ten, then stale for its minute, then gone`() {
    var cache = cache()
    cache.store(response(10), for: "a", epoch: 0, at: moment(0))
    #expect(cache.find("a", epoch: 0, at: moment(999)) == .fresh(response(10)))
    #expect(cache.find("a", epoch: 0, at: moment(1_000)) == .unconfirmed(response(10)))
    #expect(cache.find("a", epoch: 0, at: moment(9_999)) == .unconfirmed(response(10)))
    #expect(cache.find("a", epoch: 0, at: moment(10_000)) == .stale(response(10)))
    #expect(cache.find("a", epoch: 0, at: moment(59_999)) == .stale(response(10)))
    #expect(cache.find("a", epoch: 0, at: moment(60_000)) == nil)
    #expect(cache.count == 0 && cache.cost == 0)
  }

  @Test func `an answer from before a change is stale at once`() {
    var cache = cache()
    cache.store(response(10), for: "a", epoch: 0, at: moment(0))
    #expect(cache.find("a", epoch: 1, at: moment(1)) == .stale(response(10)))
    #expect(cache.find("a", epoch: 1, at: moment(1_000)) == .stale(response(10)))
  }

  @Test func `the bytes stay within the bound, whatever is stored`() {
    var cache = cache(50_000)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let key = "key\(Int.random(in: 0..<500, using: &random))"
      cache.store(response(Int.random(in: 0..<6_000, using: &random)), for: key, epoch: 0, at: moment(0))
      #expect(cache.cost <= 50_000)
    }
    #expect(cache.count > 0)
  }

  @Test func `what is asked for survives what is not`() {
    var cache = cache(20_000)
    cache.store(response(500), for: "hot", epoch: 0, at: moment(0))
    for number in 0..<1_000 {
      #expect(cache.find("hot", epoch: 0, at: moment(1)) == .fresh(response(500)))
      cache.store(response(500), for: "cold\(number)", epoch: 0, at: moment(1))
    }
  }

  @Test func `an answer larger than a quarter of the cache is not kept`() {
    var cache = cache(4_000)
    cache.store(response(900), for: "small", epoch: 0, at: moment(0))
    cache.store(response(1_001), for: "large", epoch: 0, at: moment(0))
    #expect(cache.find("large", epoch: 0, at: moment(0)) == nil)
    #expect(cache.find("small", epoch: 0, at: moment(0)) == nil || cache.count == 1)
  }
}
