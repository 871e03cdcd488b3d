import Reactor
import Redis
import Shop

/// Ready-made catalogue answers of one loop: its own memory, then Redis, then the database, once for all who ask.
///
/// What the memory holds is given for a second, and for ten while Redis says every second that nothing was changed: a question for
/// all answers together, where each would else be fetched anew.
/// Redis is a help, never a need: whatever it does, the answer comes from the database. All keys carry a schema version and the
/// catalogue's generation, a counter in Redis: an admin's write raises it, and every process notices within a second. Prices and
/// stock at checkout are never read from here.
package actor ResponseCache {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  package struct Limits: Sendable {
    /// `SHOP_CATALOGUE_CACHE=off`: every answer is built anew, for measuring.
    package var isOn = true
    /// Of this loop's memory.
    package var bytes = 16 << 20
    package var loopTime = Duration.seconds(1)
    /// As long as the generation stays what it was.
    package var confirmedTime = Duration.seconds(10)
    /// How long an answer may be given when the database cannot be reached.
    package var staleTime = Duration.seconds(60)
    package var redisMilliseconds: Int64 = 22_000
    /// How long the generation is believed before Redis is asked again.
    package var generationTime = Duration.seconds(1)
    /// Larger answers stay out of Redis.
    package var valueBytes = 1 << 20

    package init() {}
  }

  /// Grows when cached bytes mean something else: programs of two versions then do not read each other's.
  static let schemaVersion = 1

  package struct Answer: Sendable {
    package let response: CachedResponse
    /// The database could not be reached: this is what it said at most `Limits.staleTime` ago.
    package let isStale: Bool
  }

  private let redis: Redis.Connection?
  private let coordination: CacheCoordination
  private let limits: Limits
  private let prefix: String
  private let metrics = StoreMetrics.Cache()
  private var local: LoopCache
  private var generationReadAt: Instant?
  /// The question for the generation that is under way.
  private var asking: Task<Bool, Never>?

  /// `namespace`: whose keys these are, where several shops share a Redis. `redis` must live on the same loop.
  package init(
    on loop: EventLoop, redis: Redis.Connection?, coordination: CacheCoordination, limits: Limits = Limits(),
    namespace: String = "shop"
  ) {
    self.loop = loop
    self.redis = redis
    self.coordination = coordination
    self.limits = limits
    prefix = "\(namespace):catalogue:\(Self.schemaVersion):"
    local = LoopCache(
      capacity: limits.bytes, freshTime: limits.loopTime, confirmedTime: limits.confirmedTime,
      staleTime: limits.staleTime)
  }

  /// The answer kept under `name`, or that of `load`, which is then kept. Refusals of `load` are thrown and not kept.
  package func answer(
    _ name: String, load: @Sendable () async throws -> CachedResponse
  ) async throws -> Answer {
    guard limits.isOn else {
      metrics.off.increment()
      let response = try await load()
      return Answer(response: response, isStale: response.isLate)
    }
    let epoch = coordination.epoch.load(ordering: .acquiring)
    let found = local.find(name, epoch: epoch, at: loop.now)
    switch found {
    case .fresh(let response):
      metrics.loop.increment()
      return Answer(response: response, isStale: response.isLate)
    case .unconfirmed(let response):
      if !response.isLate, await isUnchanged(since: epoch) {
        metrics.loop.increment()
        return Answer(response: response, isStale: false)
      }
    case .stale, nil: break
    }
    do {
      // By epoch, so that nobody who comes after a change joins a rebuild that began before it.
      let (response, joined) = try await coordination.flights.run("\(epoch) \(name)") { try await self.rebuild(name, load) }
      if joined { metrics.joined.increment() }
      local.store(response, for: name, epoch: epoch, at: knownAt)
      return Answer(response: response, isStale: response.isLate)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      switch found {
      case .stale(let response), .unconfirmed(let response):
        metrics.stale.increment()
        return Answer(response: response, isStale: true)
      case .fresh, nil:
        metrics.failed.increment()
        throw error
      }
    }
  }

  /// After a write to the catalogue has been committed: what was built before it is given to nobody any more.
  ///
  /// False where Redis could not be told: other processes may then give what they have for as long as they keep it.
  @discardableResult
  package func invalidate() async -> Bool {
    metrics.invalidations.increment()
    coordination.noteChange()
    guard let redis else { return false }
    do throws(RedisError) {
      coordination.raise(try await redis.increment(generationKey))
      return true
    } catch {
      // Redis does not know: what it holds runs out by itself, and until then this process does without.
      let until = loop.now + .milliseconds(limits.redisMilliseconds * 11 / 10)
      coordination.distrustsRedisUntil.store(until.nanoseconds, ordering: .releasing)
      return false
    }
  }

  // MARK: Redis and the source

  private var generationKey: String { prefix + "generation" }

  /// Whether no process has changed the catalogue since `epoch` began, a second ago at the latest.
  private func isUnchanged(since epoch: Int) async -> Bool {
    guard let redis, loop.now.nanoseconds >= coordination.distrustsRedisUntil.load(ordering: .acquiring) else { return false }
    if !believesGeneration { guard await askOnce(redis) else { return false } }
    return coordination.epoch.load(ordering: .acquiring) == epoch
  }

  private var believesGeneration: Bool {
    guard let generationReadAt else { return false }
    return loop.now - generationReadAt < limits.generationTime
  }

  /// When what is built or found now was certainly the newest: a change of somebody else is not heard of until Redis is asked again.
  private var knownAt: Instant {
    guard let generationReadAt, believesGeneration else { return loop.now }
    return generationReadAt
  }

  /// One question a second, however many wait for its answer; whether Redis gave one.
  private func askOnce(_ redis: Redis.Connection) async -> Bool {
    if let asking { return await asking.value }
    let task = Task { await self.currentGeneration(redis) != nil }
    asking = task
    let isAnswered = await task.value
    asking = nil
    return isAnswered
  }

  private func rebuild(_ name: String, _ load: @Sendable () async throws -> CachedResponse) async throws -> CachedResponse {
    guard let redis, loop.now.nanoseconds >= coordination.distrustsRedisUntil.load(ordering: .acquiring),
      let generation = await currentGeneration(redis)
    else {
      metrics.rebuilt.increment()
      return try await load()
    }
    let key = "\(prefix)\(generation):\(name)"
    if let response = await stored(key, redis) {
      metrics.redis.increment()
      return response
    }
    metrics.rebuilt.increment()
    let response = try await load()
    guard !response.isLate else { return response }
    // The generation is that from before the load: what was read across a change ends under a key that nobody asks for again.
    keep(response, key, redis)
    return response
  }

  /// Nil when Redis does not say.
  private func currentGeneration(_ redis: Redis.Connection) async -> Int64? {
    if believesGeneration {
      return coordination.generation.load(ordering: .acquiring)
    }
    do throws(RedisError) {
      let asked = loop.now
      let bytes = try await redis.get(generationKey)
      guard let generation = bytes.map({ Int64(String(decoding: $0, as: UTF8.self)) }) ?? 0 else {
        // Noise under our key: the next change would fail to raise it.
        try await redis.delete(generationKey)
        return nil
      }
      coordination.learn(generation, asked: asked)
      generationReadAt = asked
      return coordination.generation.load(ordering: .acquiring)
    } catch {
      return nil
    }
  }

  private func stored(_ key: String, _ redis: Redis.Connection) async -> CachedResponse? {
    do throws(RedisError) {
      guard let bytes = try await redis.get(key) else { return nil }
      if let response = CachedValue.decode(bytes, key: key) { return response }
    } catch {
      // A key that holds a list or a hash is a stranger's as well.
      guard case .server("WRONGTYPE", _) = error else { return nil }
    }
    metrics.undecodable.increment()
    _ = try? await redis.delete(key)
    return nil
  }

  /// Nobody waits for this; the connection bounds how many are under way.
  private func keep(_ response: CachedResponse, _ key: String, _ redis: Redis.Connection) {
    guard response.byteCount <= limits.valueBytes else { return }
    // Ten percent either way: answers built together do not run out together.
    let milliseconds = Int64.random(in: (limits.redisMilliseconds * 9 / 10)...(limits.redisMilliseconds * 11 / 10))
    Task { _ = try? await redis.set(key, CachedValue.encode(response, key: key), ttlMilliseconds: milliseconds) }
  }
}
