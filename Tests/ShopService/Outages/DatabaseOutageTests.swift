import Foundation
import TestSupport
import Testing

/// PostgreSQL gone or hanging, as those see it who shop over HTTP meanwhile.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible && PostgresProcess.isPossible, "\(ShopProcess.need)"))
struct DatabaseOutageTests {
  enum Outage: String, CaseIterable, CustomTestStringConvertible {
    case killed = "the server is killed"
    case hanging = "the server does not answer"

    var testDescription: String { rawValue }
  }

  private static let originSecret = "an-origin-secret-of-the-tests-0123456789"
  private static let settings = [
    "SHOP_LOOPS": "2", "SHOP_READ_DEADLINE_MS": "400", "SHOP_WRITE_DEADLINE_MS": "800", "SHOP_CHECKOUT_DEADLINE_MS": "1500",
    "SHOP_PROVIDER_DEADLINE_MS": "500", "SHOP_ORIGIN_SECRET": originSecret,
  ]
  /// Above the longest deadline by what a busy machine may add; below libpq's own time-outs.
  private static let patience = Duration.milliseconds(4_500)

  /// A shop over a PostgreSQL of its own, whose line to it can be frozen.
  private struct Scene {
    let postgres: PostgresProcess
    let line: TCPProxy
    let database: TestDatabase
    let provider: PaymentProviderServer
    let server: ShopServer

    func begin(_ outage: Outage) {
      switch outage {
      case .killed: postgres.kill()
      case .hanging: line.isFrozen = true
      }
    }

    func end(_ outage: Outage) throws {
      switch outage {
      case .killed: try postgres.start()
      case .hanging: line.isFrozen = false
      }
    }

    /// What a process holds open beside its database connections, which it may have more of after an outage than before.
    func descriptors() async throws -> Double {
      let scrape = try await server.scrape()
      return scrape.sum("process_open_fds") - scrape.sum("shop_database_connections")
    }
  }

  private func withScene(_ body: (Scene) async throws -> Void) async throws {
    let postgres = try PostgresProcess()
    let line = try TCPProxy(to: postgres.port)
    let database = try TestDatabase(on: postgres.url)
    let provider = try await PaymentProviderServer()
    let url = database.url.replacing(":\(postgres.port)/", with: ":\(line.port)/")
    let server = try await ShopServer.start(
      database, Self.settings.merging(provider.settings) { $1 }.merging(["SHOP_DATABASE_URL": url]) { $1 })
    let scene = Scene(postgres: postgres, line: line, database: database, provider: provider, server: server)
    let result: Result<Void, any Error>
    do { result = .success(try await body(scene)) } catch { result = .failure(error) }
    server.process.kill()
    await provider.stop()
    try result.get()
  }

  private typealias Need = (what: String, ask: @Sendable () async throws -> Shopper.Reply)

  /// Everything that a shopper or a merchant does and that nothing but the database can answer.
  private func needy(_ shopper: Shopper, _ merchant: Merchant, product: String) -> [Need] {
    let shop = shopper.shop
    let keyed = ["Idempotency-Key": "a-key-of-the-outage-0123456789"]
    return [
      ("a product that nobody has asked for", { try await shop.get("/v1/products/\(product)") }),
      ("a listing", { try await shop.get("/v1/products?limit=7") }),
      ("a search", { try await shop.get("/v1/search?q=mug") }),
      ("facets", { try await shop.get("/v1/products/facets") }),
      ("categories", { try await shop.get("/v1/categories") }),
      ("a new cart", { try await shop.post("/v1/carts", #"{"currency":"USD"}"#) }),
      ("a new cart under a key", { try await shop.post("/v1/carts", #"{"currency":"USD"}"#, keyed) }),
      ("the cart", { try await shopper.look() }),
      ("its quote", { try await shopper.quote() }),
      ("its shipping options", { try await shopper.shippingOptions() }),
      ("another email", { try await shopper.put("email", #"{"email":"eve@example.com"}"#) }),
      ("a hold", { try await shopper.hold() }),
      ("checkout", { try await shopper.complete(total: "1799", key: "the-one-key-of-this-checkout") }),
      (
        "a new product",
        { try await shop.post("/v1/admin/products", #"{"title":"Jug","variants":[{"sku":"JUG"}]}"#, merchant.fields) }
      ),
      ("orders", { try await shop.get("/v1/admin/orders", merchant.fields) }),
    ]
  }

  @Test(arguments: Outage.allCases)
  func `while the database is away nothing fails for good, and with it all comes back`(outage: Outage) async throws {
    try await withScene { scene in
      let (server, merchant) = (scene.server, Merchant(scene.server))
      let mug = try await merchant.sell([.init("MUG", ["USD": 1_299], stock: 5)], title: "Mug")
      let rare = try await merchant.sell([.init("CUP", ["USD": 999])], title: "Cup").product
      let shopper = try await Shopper.ready(at: server, mug.variants[0])
      let seen = try await server.get("/v1/products/\(mug.product)")
      #expect(seen.status == 200)
      let descriptors = try await scene.descriptors()

      scene.begin(outage)
      try await until("what is known of the mug is said to be old") {
        let told = try await server.get("/v1/products/\(mug.product)")
        #expect(told.status == 200, "\(told.text)")
        #expect(told.body == seen.body)
        return told.fields["cache-status"]?.contains("stale") == true && told.fields["cache-control"] == "no-store"
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (what, ask) in needy(shopper, merchant, product: rare) {
          group.addTask {
            let start = ContinuousClock.now
            let told = try await ask()
            #expect(start.duration(to: .now) < Self.patience, "\(what) took too long")
            #expect(told.status == 503, "\(what): \(told.status) \(told.text)")
            #expect(told.fields["retry-after"] != nil, "\(what)")
            #expect(try await server.get("/health/live").status == 200)
          }
        }
        try await group.waitForAll()
      }
      try await until("it tells what it does without") {
        let ready = try await server.get("/health/ready")
        #expect(ready.status == 200)
        return ready["status"] == "degraded" && ready["degraded", "0"] == "postgres"
      }
      let deep = try await server.get("/health/deep", ["Shop-Origin-Secret": Self.originSecret])
      #expect(deep.status == 503, "\(deep.text)")
      let scrape = try await server.scrape()
      #expect(scrape.sum("shop_http_requests_total", #"status="5xx""#) > 0)

      try scene.end(outage)
      try await until("it says that all is well") { try await server.get("/health/ready")["status"] == "ok" }
      try await until("both loops have their database again") {
        try await server.scrape().values("shop_database_connections", #"lane="point""#) == [1, 1]
      }
      for (what, ask) in needy(shopper, merchant, product: rare) {
        try await until("\(what) is as before") {
          let told = try await ask()
          #expect(told.status != 500, "\(what): \(told.text)")
          return (200..<300).contains(told.status)
        }
      }
      #expect(try await Books(scene.database, scene.provider).faults() == [])
      #expect(try scene.database.query("SELECT count(*) FROM sales.orders") == ["1"])
      // As it was, by the same process: nothing leaks, and no pool has grown past its bound. The way to the provider is kept.
      try await until("no more is open than before") { try await scene.descriptors() <= descriptors + 1 }
      let after = try await server.scrape()
      #expect(after.sum("shop_database_connections") <= 18)
      try await until("each connection is known at its other end") {
        let known = try await server.scrape().sum("shop_database_connections")
        return scene.line.connections == Int(known)
      }
      let faults = server.process.lines.filter { $0.contains(#""message":"request failed""#) }
      #expect(faults == [])
      #expect(try await server.process.terminate() == 0)
    }
  }

  @Test func `a shop that is started before its database waits for it, and lives meanwhile`() async throws {
    let postgres = try PostgresProcess()
    let database = try TestDatabase(on: postgres.url)
    postgres.kill()
    let port = try Loopback.freePort()
    let process = try ShopProcess(["serve"], ShopProcess.settings(database, ["SHOP_PORT": "\(port)"]))
    try await process.line(saying: "waiting for the database")
    let shop = EarlyShop(port: port)
    #expect(try await shop.get("/health/live").status == 200)
    let early = try await shop.get("/health/ready")
    #expect(early.status == 503)
    #expect(early["status"] == "starting")
    #expect(try await shop.get("/v1/products").status == 503)
    try postgres.start()
    try await process.line(saying: "ready")
    #expect(try await shop.get("/health/ready").status == 200)
    #expect(try await shop.get("/v1/products").status == 200)
    #expect(try await process.terminate() == 0)
  }
}

private struct EarlyShop: ServedShop {
  let port: UInt16
  let contract: Contract? = nil
}
