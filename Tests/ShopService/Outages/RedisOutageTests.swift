import Foundation
import TestSupport
import Testing

/// Redis gone, hanging or full of what is not ours: the shop sells on, and nobody sees a difference but those who watch it.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible && RedisServer.isPossible, "\(ShopProcess.need)"))
struct RedisOutageTests {
  enum Outage: String, CaseIterable, CustomTestStringConvertible {
    case killed = "Redis is killed"
    case hanging = "Redis does not answer"
    case noisy = "Redis talks nonsense"

    var testDescription: String { rawValue }
  }

  /// What shoppers and merchants do, each with what is right; none of it needs Redis.
  private func everyday(_ server: ShopServer, title: String) async throws {
    let merchant = Merchant(server)
    let (product, variants) = try await merchant.sell([.init(title.uppercased(), ["USD": 1_299], stock: 2)], title: title)
    for _ in 0..<2 {
      let told = try await server.get("/v1/products/\(product)")
      #expect(told.status == 200, "\(told.text)")
      #expect(told["title"] == title)
    }
    #expect(try await server.get("/v1/products?limit=5").status == 200)
    // A change is seen at once by whoever made it.
    #expect(try await merchant.change(product, #"{"title":"Other \#(title)"}"#).status == 200)
    #expect(try await server.get("/v1/products/\(product)")["title"] == "Other \(title)")
    let order = try await Shopper.ready(at: server, variants[0]).complete()
    #expect(order.status == 201, "\(order.text)")
    #expect(try await server.get("/health/live").status == 200)
  }

  @Test(arguments: Outage.allCases)
  func `without Redis the shop sells on, and takes to it again`(outage: Outage) async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let redisPort = try Loopback.freePort()
      var redis: RedisServer? = try RedisServer(port: redisPort)
      let line = try TCPProxy(to: redisPort)
      let server = try await ShopServer.start(
        scene.database,
        scene.provider.settings.merging(["SHOP_REDIS_URL": "redis://127.0.0.1:\(line.port)", "SHOP_LOOPS": "2"]) { $1 })
      func isWell() async throws -> Bool {
        let ready = try await server.get("/health/ready")
        #expect(ready.status == 200)
        return ready["status"] == "ok"
      }
      func connected() async throws -> [Double] { try await server.scrape().values("shop_redis_connected") }
      try await until("both loops have Redis") { try await connected() == [1, 1] }
      try await everyday(server, title: "Mug")

      switch outage {
      case .killed: redis = nil
      case .hanging: line.isFrozen = true
      case .noisy: line.isNoisy = true
      }
      for number in 0..<3 { try await everyday(server, title: "Cup\(number)") }
      // Whoever does not use it does not find out.
      try await until("the outage is told") {
        _ = try await server.get("/v1/products?limit=\(Int.random(in: 6...100))")
        return try await server.get("/health/ready")["degraded", "0"] == "redis"
      }

      switch outage {
      case .killed: redis = try RedisServer(port: redisPort)
      case .hanging: line.isFrozen = false
      case .noisy: line.isNoisy = false
      }
      try await until("both loops have Redis again") {
        let (connected, isWell) = (try await connected(), try await isWell())
        return connected == [1, 1] && isWell
      }
      try await until("the circuit is closed") { try await server.scrape().sum("shop_redis_circuit_open") == 0 }
      try await everyday(server, title: "Jug")
      let scrape = try await server.scrape()
      #expect(scrape.sum("shop_http_requests_total", #"status="5xx""#) == 0)
      #expect(scrape.sum("shop_database_connections") <= 18)
      try await until("nothing is left of the old connections") { line.connections == 2 }
      #expect(try await Books(scene).faults() == [])
      #expect(try await server.process.terminate() == 0)
      _ = redis
    }
  }

  @Test func `a Redis full of what others wrote there gives nobody a wrong answer`() async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let redis = try RedisServer()
      let server = try await ShopServer.start(
        scene.database, scene.provider.settings.merging(["SHOP_REDIS_URL": redis.url]) { $1 })
      let product = try await Merchant(server).sell([.init("MUG", ["USD": 1_299])], title: "Mug").product
      let paths = ["/v1/products/\(product)", "/v1/products?limit=5", "/v1/products/facets", "/v1/categories"]
      var right: [[UInt8]] = []
      for path in paths { right.append(try await server.get(path).body) }
      let client = try RawClient(port: redis.port)
      /// In Redis' inline form, for every answer that is kept there; how many there were.
      func spoil(_ script: String) throws -> Int {
        let each = "for _, k in ipairs(redis.call('KEYS', 'shop:*:/*')) do \(script) n = n + 1 end"
        try client.send(#"EVAL "local n = 0 \#(each) return n" 0"# + "\r\n")
        let reply = try client.line()
        guard let count = Int(reply.dropFirst()) else { throw TestFault("Redis said \(reply)") }
        return count
      }
      for script in [
        "redis.call('SET', k, 'noise')", "redis.call('SET', k, '')", "redis.call('DEL', k) redis.call('RPUSH', k, 'noise')",
        "redis.call('SETRANGE', k, 40, '~')",
      ] {
        // What the loop has kept for itself is over after a second, and then Redis is asked.
        try await until("Redis keeps what the shop has answered") {
          for (path, body) in zip(paths, right) {
            let told = try await server.get(path)
            #expect(told.status == 200, "\(path) after \(script): \(told.text)")
            #expect(told.body == body, "\(path) after \(script)")
          }
          return try spoil(script) >= paths.count
        }
        let before = try await server.scrape().sum("shop_cache_undecodable_total")
        try await until("the noise is met") {
          for (path, body) in zip(paths, right) { #expect(try await server.get(path).body == body, "\(path) after \(script)") }
          return try await server.scrape().sum("shop_cache_undecodable_total") > before
        }
      }
      // So does a counter of changes that is none.
      let each = "for _, k in ipairs(redis.call('KEYS', 'shop:*generation')) do redis.call('SET', k, 'x') end"
      try client.send(#"EVAL "\#(each) return 1" 0"# + "\r\n")
      #expect(try client.line() == ":1")
      #expect(try await Merchant(server).change(product, #"{"title":"Jug"}"#).status == 200)
      #expect(try await server.get(paths[0])["title"] == "Jug")
      let scrape = try await server.scrape()
      #expect(scrape.sum("shop_http_requests_total", #"status="5xx""#) == 0)
      #expect(try await server.get("/health/ready")["status"] == "ok")
      #expect(try await server.process.terminate() == 0)
    }
  }
}
