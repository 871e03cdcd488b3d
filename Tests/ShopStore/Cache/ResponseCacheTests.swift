import Reactor
import Redis
import Shop
import Synchronization
import TestSupport
import Testing

@testable import ShopStore

@Suite struct ResponseCacheTests {
  struct Unreachable: Error {}

  /// A source that counts how often it is asked; its answer changes with `version`.
  final class Source: Sendable {
    let loads = Atomic<Int>(0)
    let version = Atomic<Int>(1)
    let isBroken = Atomic<Bool>(false)

    var count: Int { loads.load(ordering: .relaxed) }

    func load() throws -> CachedResponse {
      loads.add(1, ordering: .relaxed)
      if isBroken.load(ordering: .relaxed) { throw Unreachable() }
      let version = version.load(ordering: .relaxed)
      return CachedResponse(body: Array("version \(version)".utf8), tag: "\"\(version)\"", annex: [9])
    }
  }

  private func text(_ cache: ResponseCache, _ source: Source, _ name: String = "p") async throws -> String {
    String(decoding: try await cache.answer(name) { try source.load() }.response.body, as: UTF8.self)
  }

  /// Waits, bounded, until `condition` holds.
  private func until(_ condition: () async throws -> Bool) async throws {
    let deadline = Instant.measured() + .seconds(20)
    while !(try await condition()) {
      try #require(Instant.measured() < deadline, "waited in vain")
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private func limits(loopTime: Duration = .seconds(30), generationTime: Duration = .zero) -> ResponseCache.Limits {
    var limits = ResponseCache.Limits()
    limits.loopTime = loopTime
    limits.generationTime = generationTime
    return limits
  }

  @Test func `what one process has built, another finds in Redis`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(2) { loops in
      let first = ResponseCache(
        on: loops[0], redis: try await server.connection(on: loops[0]), coordination: CacheCoordination(), limits: limits())
      let redis = try await server.connection(on: loops[1])
      let second = ResponseCache(on: loops[1], redis: redis, coordination: CacheCoordination(), limits: limits())
      #expect(try await text(first, source) == "version 1")
      try await until { try await redis.get("shop:catalogue:1:0:p") != nil }
      source.version.store(2, ordering: .relaxed)
      #expect(try await text(second, source) == "version 1")
      #expect(try await text(second, source) == "version 1")
      #expect(source.count == 1)
      let left = try #require(try await redis.command(["PTTL", "shop:catalogue:1:0:p"]).integer)
      #expect(left > 10_000 && left <= 24_200)
    }
  }

  @Test func `after an admin's write nobody gets what was built before it`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(3) { loops in
      // Two loops of one process, and another process that looks at the generation each time.
      let process = CacheCoordination()
      var caches: [ResponseCache] = []
      for (number, loop) in loops.enumerated() {
        caches.append(
          ResponseCache(
            on: loop, redis: try await server.connection(on: loop), coordination: number < 2 ? process : CacheCoordination(),
            limits: limits(loopTime: number < 2 ? .seconds(30) : .zero)))
      }
      for cache in caches { #expect(try await text(cache, source) == "version 1") }
      source.version.store(2, ordering: .relaxed)
      await caches[0].invalidate()
      for cache in caches { #expect(try await text(cache, source) == "version 2") }
    }
  }

  @Test func `what others changed is noticed when the generation is asked for, however late an answer came`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(2) { loops in
      let limits = limits(loopTime: .seconds(2), generationTime: .seconds(2))
      let redis = try await server.connection(on: loops[1])
      let first = ResponseCache(
        on: loops[0], redis: try await server.connection(on: loops[0]), coordination: CacheCoordination(), limits: limits)
      let other = ResponseCache(on: loops[1], redis: redis, coordination: CacheCoordination(), limits: limits)
      _ = try await text(other, source)
      try await until { try await redis.get("shop:catalogue:1:0:p") != nil }
      let asked = Instant.measured()
      _ = try await text(first, source, "q")
      source.version.store(2, ordering: .relaxed)
      await other.invalidate()
      // Shortly before that, it still finds the answer of before in Redis.
      try await until { Instant.measured() > asked + .milliseconds(1_500) }
      _ = try await text(first, source)
      try await until { try await text(first, source) == "version 2" }
      #expect(Instant.measured() < asked + .seconds(3))
    }
  }

  @Test func `an answer is given on while nobody changes anything, and no longer`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(2) { loops in
      var limits = limits(loopTime: .zero)
      // What Redis holds of answers must not help.
      limits.valueBytes = 0
      let first = ResponseCache(
        on: loops[0], redis: try await server.connection(on: loops[0]), coordination: CacheCoordination(), limits: limits)
      let other = ResponseCache(
        on: loops[1], redis: try await server.connection(on: loops[1]), coordination: CacheCoordination(), limits: limits)
      for _ in 0..<3 { #expect(try await text(first, source) == "version 1") }
      #expect(source.count == 1)
      source.version.store(2, ordering: .relaxed)
      await other.invalidate()
      #expect(try await text(first, source) == "version 2")
      limits.confirmedTime = .zero
      let forgetful = ResponseCache(
        on: loops[1], redis: try await server.connection(on: loops[1]), coordination: CacheCoordination(), limits: limits)
      for _ in 0..<2 { _ = try await text(forgetful, source) }
      #expect(source.count == 4)
      // Without Redis nobody says that nothing has changed.
      server.kill()
      source.version.store(3, ordering: .relaxed)
      try await until { try await text(first, source) == "version 3" }
    }
  }

  @Test(arguments: ["noise", "", "\u{1}\u{0}\u{0}\u{0}\u{0}"])
  func `foreign data in Redis is a miss that heals itself`(noise: String) async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(1) { loops in
      let redis = try await server.connection(on: loops[0])
      let cache = ResponseCache(on: loops[0], redis: redis, coordination: CacheCoordination(), limits: limits(loopTime: .zero))
      let key = "shop:catalogue:1:0:p"
      try await redis.set(key, Array(noise.utf8), ttlMilliseconds: 60_000)
      #expect(try await text(cache, source) == "version 1")
      try await until { try await redis.get(key).flatMap { CachedValue.decode($0, key: key) } != nil }
      // A list under our key, and noise under the generation's.
      try await redis.delete(key)
      _ = try await redis.command(["LPUSH", Argument(key), "x"])
      #expect(try await text(cache, source) == "version 1")
      try await redis.set("shop:catalogue:1:generation", Array("noise".utf8), ttlMilliseconds: 60_000)
      #expect(try await text(cache, source) == "version 1")
      await cache.invalidate()
      #expect(try await text(cache, source) == "version 1")
    }
  }

  @Test func `without Redis the answer comes from the source, and a change is still seen at once`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(1) { loops in
      let redis = try await server.connection(on: loops[0])
      let cache = ResponseCache(on: loops[0], redis: redis, coordination: CacheCoordination(), limits: limits())
      server.kill()
      #expect(try await text(cache, source) == "version 1")
      source.version.store(2, ordering: .relaxed)
      await cache.invalidate()
      #expect(try await text(cache, source) == "version 2")
      #expect(try await text(cache, source) == "version 2")
      #expect(source.count == 2)
      await redis.close()
    }
  }

  @Test func `while the source is out of reach the last answer is given and marked as stale`() async throws {
    let source = Source()
    try await withLoops(1) { loops in
      let cache = ResponseCache(
        on: loops[0], redis: nil, coordination: CacheCoordination(), limits: limits(loopTime: .zero))
      let first = try await cache.answer("p") { try source.load() }
      #expect(!first.isStale)
      source.isBroken.store(true, ordering: .relaxed)
      let second = try await cache.answer("p") { try source.load() }
      #expect(second.isStale && second.response == first.response)
      await #expect(throws: Unreachable.self) { try await cache.answer("other") { try source.load() } }
    }
  }

  @Test func `a refusal is passed on, even where an old answer is at hand`() async throws {
    let source = Source()
    try await withLoops(1) { loops in
      let cache = ResponseCache(
        on: loops[0], redis: nil, coordination: CacheCoordination(), limits: limits(loopTime: .zero))
      _ = try await cache.answer("p") { try source.load() }
      await #expect(throws: Refusal.notFound) { try await cache.answer("p") { throw Refusal.notFound } }
    }
  }

  @Test func `switched off, every answer is built anew`() async throws {
    let source = Source()
    try await withLoops(1) { loops in
      var limits = limits()
      limits.isOn = false
      let cache = ResponseCache(on: loops[0], redis: nil, coordination: CacheCoordination(), limits: limits)
      for _ in 0..<3 { _ = try await text(cache, source) }
      #expect(source.count == 3)
    }
  }

  @Test func `a hot answer that runs out under a thousand shoppers on two loops is rebuilt once`() async throws {
    let server = try CacheRedis()
    let source = Source()
    try await withLoops(2) { loops in
      let coordination = CacheCoordination()
      var caches: [ResponseCache] = []
      for loop in loops {
        caches.append(
          ResponseCache(
            on: loop, redis: try await server.connection(on: loop), coordination: coordination, limits: limits()))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<1_000 {
          let cache = caches[number % 2]
          group.addTask(executorPreference: cache.loop) {
            _ = try await cache.answer("hot") {
              await cache.loop.sleep(for: .milliseconds(200))
              return try source.load()
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(source.count == 1)
    }
  }
}
