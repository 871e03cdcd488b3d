import Reactor
import Synchronization
import TestSupport
import Testing

@testable import Redis

@Suite struct ConnectionTests {
  @Test func `values come back byte for byte, and a missing key is nil`() async throws {
    let server = try RedisServer()
    try await withConnection(server.url) { redis in
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try await redis.set("key", bytes, ttlMilliseconds: 60_000)
      #expect(try await redis.get("key") == bytes)
      #expect(try await redis.get("other") == nil)
      #expect(try await redis.delete(["key", "other"]) == 1)
      #expect(try await redis.increment("count") == 1)
      #expect(try await redis.command(["LRANGE", "none", 0, -1]) == .array([]))
      try await redis.ping()
    }
  }

  @Test func `commands of many requests share one connection and few writes, and each gets its own reply`() async throws {
    let server = try RedisServer()
    try await withConnection(server.url) { redis in
      try await redis.ping()
      let before = redis.statistics.writes.value
      let replies = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
        for number in 0..<500 {
          group.addTask(executorPreference: redis.loop) {
            (number, try await redis.command(["ECHO", Argument("n\(number)")]).text)
          }
        }
        return try await group.reduce(into: [(Int, String?)]()) { $0.append($1) }
      }
      #expect(replies.count == 500)
      for (number, text) in replies { #expect(text == "n\(number)") }
      #expect(redis.statistics.connects.value == 1)
      #expect(redis.statistics.writes.value - before < 50)
    }
  }

  @Test func `an error of Redis is thrown with its code and the connection goes on`() async throws {
    let server = try RedisServer()
    try await withConnection(server.url) { redis in
      try await redis.set("text", [1], ttlMilliseconds: 60_000)
      let error = await redis.failure(["LPUSH", "text", "x"])
      guard case .server("WRONGTYPE", _) = error else { throw error ?? RedisError.unexpectedReply }
      try await redis.ping()
      #expect(redis.statistics.connects.value == 1)
    }
  }

  @Test func `a late reply is dropped and the next command gets its own`() async throws {
    let server = try RedisServer()
    try await withConnection(server.url) { redis in
      try await redis.ping()
      // Sent together: the sleep holds up both.
      async let sleep = redis.failure(["DEBUG", "SLEEP", "0.2"])
      await #expect(throws: RedisError.timedOut) { try await redis.command(["ECHO", "late"], deadline: .milliseconds(30)) }
      #expect(try await redis.command(["ECHO", "mine"]).text == "mine")
      #expect(await sleep == nil)
      #expect(redis.statistics.lateReplies.value == 1)
      #expect(redis.statistics.connects.value == 1)
    }
  }

  @Test func `a Redis that hangs opens the circuit, costs nothing, and is used again when it wakes`() async throws {
    let server = try RedisServer()
    try await withConnection(
      server.url,
      change: {
        $0.commandDeadline = .milliseconds(50)
        $0.connectDeadline = .milliseconds(300)
        $0.probeInterval = .milliseconds(100)
      },
      { redis in
        await redis.start()
        try await redis.until { $0.statistics.isConnected.load(ordering: .relaxed) }
        server.freeze()
        for _ in 0..<5 { _ = await redis.failure(["PING"]) }
        try await redis.until { $0.statistics.isCircuitOpen.load(ordering: .relaxed) }
        let start = Instant.measured()
        for _ in 0..<200 {
          let error = await redis.failure(["PING"])
          #expect(error == .circuitOpen)
        }
        #expect(Instant.measured() - start < .milliseconds(100))
        try await redis.until { $0.statistics.losses.value == 1 }
        server.thaw()
        try await redis.until { !$0.statistics.isCircuitOpen.load(ordering: .relaxed) }
        try await redis.ping()
      })
  }

  @Test func `after CLIENT KILL the connection comes back by itself`() async throws {
    let server = try RedisServer()
    try await withConnection(server.url) { redis in
      try await redis.ping()
      _ = await redis.failure(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"])
      try await redis.until { $0.statistics.connects.value == 2 }
      try await redis.ping()
      #expect(redis.statistics.losses.value == 1)
    }
  }

  @Test func `a Redis that is killed and started again is found again`() async throws {
    let port = try Loopback.freePort()
    let first = try RedisServer(port: port)
    try await withConnection(first.url) { redis in
      try await redis.ping()
      first.kill()
      try await redis.until { $0.statistics.connectFailures.value >= 1 }
      let error = await redis.failure(["PING"])
      #expect(error == .unavailable || error == .circuitOpen)
      let second = try RedisServer(port: port)
      try await redis.until { $0.statistics.isConnected.load(ordering: .relaxed) }
      try await redis.ping()
      second.kill()
    }
  }

  @Test func `a password opens the door, and a wrong one is reported`() async throws {
    let server = try RedisServer(["--requirepass", "s3cret@"])
    try await withConnection("redis://:s3cret%40@127.0.0.1:\(server.port)/2") { redis in
      try await redis.set("key", [7], ttlMilliseconds: 60_000)
      #expect(try await redis.get("key") == [7])
      #expect(try await redis.command(["CLIENT", "INFO"]).text?.contains(" db=2 ") == true)
    }
    let reasons = Mutex<[String]>([])
    for credentials in ["", ":wrong@"] {
      try await withConnection(
        "redis://\(credentials)127.0.0.1:\(server.port)",
        observe: { event in if case .connectFailed(let reason) = event { reasons.withLock { $0.append(reason) } } },
        { redis in
          let error = await redis.failure(["PING"])
          #expect(error == .unavailable)
        })
    }
    #expect(reasons.withLock { $0.first }?.hasPrefix("NOAUTH") == true)
    #expect(reasons.withLock { $0.last }?.hasPrefix("WRONGPASS") == true)
  }

  @Test func `a user of the access list enters by name`() async throws {
    let server = try RedisServer(["--user", "shop", "on", ">pw", "~*", "+@all"])
    try await withConnection("redis://shop:pw@127.0.0.1:\(server.port)") { redis in
      let name = try await redis.command(["ACL", "WHOAMI"]).text
      #expect(name == "shop")
    }
  }

  @Test func `a Unix socket serves as well`() async throws {
    let server = try RedisServer()
    try await withConnection("unix:\(server.socketPath)") { redis in try await redis.ping() }
  }

  @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "*2147483647\r\n", "\u{0}\u{1}\u{2}", "+PONG\r\n+PONG\r\n+PONG\r\n"])
  func `a server that talks garbage is left, never believed`(garbage: String) async throws {
    let server = try RawServer { _ in Array(garbage.utf8) }
    try await withConnection("redis://127.0.0.1:\(server.port)") { redis in
      let error = await redis.failure(["GET", "key"])
      #expect(error != nil)
      try await redis.until { $0.statistics.connectFailures.value + $0.statistics.losses.value >= 2 }
    }
  }

  @Test func `garbage in place of a reply fails that command and ends the connection`() async throws {
    let server = try RawServer { $0.contains("PING") ? Array("+PONG\r\n".utf8) : Array("?!\r\n".utf8) }
    try await withConnection("redis://127.0.0.1:\(server.port)") { redis in
      let error = await redis.failure(["GET", "key"])
      guard case .protocolViolation = error else { throw error ?? RedisError.unexpectedReply }
      try await redis.until { $0.statistics.connects.value == 2 }
    }
  }

  @Test func `a reply beyond the bound ends the connection, not the memory`() async throws {
    let server = try RawServer {
      $0.contains("PING") ? Array("+PONG\r\n".utf8) : Array("$900000000\r\n".utf8) + [UInt8](repeating: 120, count: 200_000)
    }
    try await withConnection(
      "redis://127.0.0.1:\(server.port)", change: { $0.maximumReplyBytes = 100_000 },
      { redis in
        let error = await redis.failure(["GET", "key"])
        #expect(error == .replyTooLarge)
      })
  }

  @Test func `past the bound of waiting commands the next is refused at once`() async throws {
    let server = try RawServer { $0.contains("PING") ? Array("+PONG\r\n".utf8) : [] }
    try await withConnection(
      "redis://127.0.0.1:\(server.port)",
      change: {
        $0.maximumPending = 3
        $0.commandDeadline = .milliseconds(300)
      },
      { redis in
        await redis.start()
        try await redis.until { $0.statistics.isConnected.load(ordering: .relaxed) }
        let errors = await withTaskGroup(of: RedisError?.self) { group in
          for _ in 0..<5 { group.addTask(executorPreference: redis.loop) { await redis.failure(["GET", "key"]) } }
          return await group.reduce(into: [RedisError?]()) { $0.append($1) }
        }
        #expect(errors.filter { $0 == .overloaded }.count == 2)
        #expect(errors.filter { $0 == .timedOut }.count == 3)
      })
  }
}
