/// Shops over one database with a payment provider beside them: where orders are placed.
package struct CheckoutScene: Sendable {
  /// Each is a process to the others.
  package let shops: [TestServer]
  package let provider: PaymentProviderServer

  package var shop: TestServer { shops[0] }
  package var database: TestDatabase { shop.database }
  package var merchant: Merchant { Merchant(shop) }

  /// Runs `body` with everything started, and stops it afterwards, whatever happens.
  package static func with<Value>(
    shops count: Int = 1, decisionTime: Duration = .milliseconds(200), settings: [String: String] = [:],
    _ body: (CheckoutScene) async throws -> Value
  ) async throws -> Value {
    let provider = try await PaymentProviderServer(decisionTime: decisionTime)
    let settings = provider.settings.merging(settings) { $1 }
    let database = try TestDatabase()
    var shops: [TestServer] = []
    let result: Result<Value, any Error>
    do {
      for _ in 0..<count { shops.append(try await TestServer.start(database: database, settings: settings)) }
      result = .success(try await body(CheckoutScene(shops: shops, provider: provider)))
    } catch {
      result = .failure(error)
    }
    for shop in shops { await shop.stop() }
    await provider.stop()
    return try result.get()
  }

  /// A shopper whose cart has `quantity` of a variant and all that an order needs.
  package func readyShopper(
    _ variant: String, _ quantity: Int = 1, at shop: (any ServedShop)? = nil
  ) async throws -> Shopper {
    try await Shopper.ready(at: shop ?? self.shop, variant, quantity)
  }
}

extension Shopper {
  /// A shopper whose cart has `quantity` of a variant and all that an order needs.
  package static func ready(at shop: any ServedShop, _ variant: String, _ quantity: Int = 1) async throws -> Shopper {
    let shopper = try await enter(shop)
    let added = try await shopper.add(variant, quantity)
    guard added.status == 200 else { throw TestFault("nothing in the cart: \(added.text)") }
    try await shopper.fillIn()
    return shopper
  }
}
