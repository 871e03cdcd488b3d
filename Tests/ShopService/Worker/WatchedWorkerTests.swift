import TestSupport
import Testing

/// A worker on its own tells those who watch it what a server tells: its health, its series, the orders that it made.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct WatchedWorkerTests {
  @Test func `an order that the worker makes is counted where the worker is scraped`() async throws {
    try await CheckoutScene.with(decisionTime: .milliseconds(10), settings: ["SHOP_WORKER": "off"]) { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      _ = try await scene.readyShopper(mug).complete(paying: "tok_timeout")
      let worker = try ShopProcess(["worker", "--listen"], ShopProcess.settings(scene.database, scene.provider.settings))
      let line = try await worker.line(saying: "worker started")
      let port = try #require(line.firstMatch(of: /"address":"[^"]*:(\d+)"/).flatMap { UInt16($0.1) }, "\(line)")
      let watched = WatchedWorker(port: port)
      #expect(try await watched.get("/health/ready").status == 200)
      #expect(try await watched.get("/health/live").status == 200)
      #expect(try await watched.get("/v1/products").status == 404)
      try await until("the order is made and counted") {
        try await watched.get("/metrics").text.contains(#"shop_orders_total{currency="USD"} 1"# + "\n")
      }
      #expect(try await worker.terminate() == 0)
    }
  }

  @Test func `two workers run beside each other on one machine: neither listens unless it is told to`() async throws {
    let database = try TestDatabase()
    let workers = try (0..<2).map { _ in try ShopProcess(["worker"], ShopProcess.settings(database, ["SHOP_PORT": "8080"])) }
    for worker in workers { _ = try await worker.line(saying: "worker started") }
    for worker in workers { #expect(try await worker.terminate() == 0) }
  }
}

private struct WatchedWorker: ServedShop {
  let port: UInt16
  let contract: Contract? = nil
}
