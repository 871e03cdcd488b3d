import Foundation
import Reactor
import Synchronization
import TestSupport
import Testing

/// A shop whose database fails over: the primary stops, its standby takes over, the shop's process stays as it is.
@Suite(.enabled(if: TestServer.isPossible)) struct FailoverTests {
  @Test func `a shop sells again seconds after its standby was promoted, and no order is lost`() async throws {
    let provider = try await PaymentProviderServer()
    let pair = try PostgresPair()
    let hosts = "127.0.0.1:\(pair.primary.port),127.0.0.1:\(pair.standby.port)"
    let settings = provider.settings.merging(
      ["SHOP_DATABASE_URL": "postgres://postgres@\(hosts)/shop?sslmode=disable", "SHOP_DATABASE_WORK_CONNECTIONS": "4"]) { $1 }
    try await TestServer.with(database: pair.database, settings: settings) { shop in
      let variant = try await Merchant(shop).sell(stock: 10_000)
      let buying = Buying(shop, variant)
      let shoppers = (0..<3).map { _ in Task { await buying.goOn() } }
      try await until("orders are placed") { buying.orders.count >= 5 }
      pair.primary.stop()
      // What is written must not wait for a standby that has become the primary.
      try pair.promote()
      let promoted = Instant.measured()
      let before = buying.orders.count
      try await until("orders are placed again") { buying.orders.count > before }
      let outage = Instant.measured() - promoted
      #expect(outage < .seconds(5), "sold again after \(outage)")
      try await until("every shopper has bought something again") { buying.orders.count >= before + 6 }
      buying.stop()
      for shopper in shoppers { await shopper.value }
      let kept = Set(
        try pair.standby.query("SELECT string_agg(number::text, ' ') FROM sales.orders", in: "shop").split(separator: " ").map(
          String.init))
      #expect(buying.orders.allSatisfy { kept.contains($0) })
    }
    await provider.stop()
  }

  /// Shoppers who buy one thing after another, and take any refusal as it comes.
  private final class Buying: Sendable {
    private let shop: TestServer
    private let variant: String
    private let acknowledged = Mutex<[String]>([])
    private let isStopped = Atomic<Bool>(false)

    init(_ shop: TestServer, _ variant: String) {
      self.shop = shop
      self.variant = variant
    }

    /// The numbers of those that a shopper was told of.
    var orders: [String] { acknowledged.withLock { $0 } }

    func stop() { isStopped.store(true, ordering: .releasing) }

    func goOn() async {
      while !isStopped.load(ordering: .acquiring) {
        guard let shopper = try? await Shopper.ready(at: shop, variant),
          let reply = try? await shopper.complete(), reply.status == 201, let number = reply["number"]
        else {
          try? await Task.sleep(for: .milliseconds(20))
          continue
        }
        acknowledged.withLock { $0.append(number) }
      }
    }
  }
}
