import Foundation
import HTTPServer
import Reactor
import ShopService

/// The test payment provider on a loop of its own, and what a shop must know of it.
package final class PaymentProviderServer: Sendable {
  package let port: UInt16
  private let loop: EventLoop
  private let server: Server

  /// - Parameter decisionTime: after which `tok_timeout` is decided.
  package init(decisionTime: Duration = .milliseconds(200)) async throws {
    loop = try EventLoop(name: "provider")
    try loop.start()
    server = try await TestProvider.start(port: 0, on: loop, decisionTime: decisionTime)
    guard let port = server.addresses.first?.port else { throw TestFault("the provider has no address") }
    self.port = port
  }

  package var settings: [String: String] { ["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:\(port)"] }

  /// Cuts every connection and answers nobody any more.
  package func stop() async {
    _ = await server.finishDrain(until: .measured())
    loop.stop()
    loop.join()
  }
}

extension PaymentProviderServer: ServedShop {
  package var contract: Contract? { nil }
}
