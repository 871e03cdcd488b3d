import Foundation
import Reactor
import TestSupport
import Testing

/// A shop of which more is asked than its database can do.
@Suite(.serialized, .enabled(if: TestServer.isPossible, "needs SHOP_TEST_DATABASE_URL: `make test` has it"))
struct OverloadTests {
  /// Four places on one loop, and nobody waits for one.
  private static let settings = [
    "SHOP_ADMISSION_MIN": "4", "SHOP_ADMISSION_MAX": "4", "SHOP_ADMISSION_WAIT_MS": "0", "SHOP_READ_DEADLINE_MS": "60000",
    "SHOP_WRITE_DEADLINE_MS": "60000", "SHOP_DATABASE_POOL_WAIT_MS": "10000",
  ]

  private func withFrozenDatabase(_ body: (TestServer, TCPProxy) async throws -> Void) async throws {
    let database = try TestDatabase()
    let port = try #require(database.url.firstMatch(of: /:(\d+)\//).flatMap { UInt16($0.1) })
    let line = try TCPProxy(to: port)
    let url = database.url.replacing(":\(port)/", with: ":\(line.port)/")
    try await TestServer.with(database: database, settings: Self.settings.merging(["SHOP_DATABASE_URL": url]) { $1 }) { server in
      // The connections are there, and so is what is kept.
      for _ in 0..<2 { #expect(try await server.get("/v1/categories").status == 200) }
      line.isFrozen = true
      defer { line.isFrozen = false }
      try await body(server, line)
    }
  }

  private func underWay(_ server: TestServer) async throws -> Double { try await server.scrape().sum("shop_admission_under_way") }

  @Test func `what finds no place is refused at once, while the till and health are open`() async throws {
    try await withFrozenDatabase { server, line in
      let browsing = (1...3).map { limit in Task { try await server.get("/v1/products?limit=\(limit)") } }
      try await until("browsing has its places") { try await underWay(server) == 3 }

      let began = Instant.measured()
      let refused = try await server.get("/v1/products?limit=4")
      #expect(Instant.measured() - began < .seconds(5), "it did not wait for the database")
      #expect(refused.status == 503)
      #expect(refused["code"] == "overloaded")
      #expect(refused.fields["retry-after"].flatMap { Int($0) }.map { (1...3).contains($0) } == true)
      #expect(try await server.post("/v1/carts", #"{"currency":"USD"}"#).status == 503, "a new cart is browsing")
      #expect(try await server.get("/health/live").status == 200)
      #expect(try await server.get("/health/ready").status == 200)

      let till = Task {
        try await server.get(
          "/v1/orders/ord_01890000000070008000000000000000", ["Shop-Cart-Token": "ct_" + String(repeating: "a", count: 43)])
      }
      try await until("the till is let in") { try await underWay(server) == 4 }
      let scrape = try await server.scrape()
      #expect(scrape.sum("shop_admission_limit") == 4)
      #expect(scrape.values("shop_admission_refused_total", #"priority="browsing""#, #"reason="wait""#) == [2])
      #expect(scrape.sum("shop_admission_refused_total", #"priority="checkout""#) == 0)

      line.isFrozen = false
      for task in browsing { #expect(try await task.value.status == 200) }
      #expect([403, 404].contains(try await till.value.status))
      #expect(try await server.get("/v1/products?limit=4").status == 200)
      #expect(try await underWay(server) == 0)
    }
  }

  @Test func `an answer that is kept is given however busy the database is`() async throws {
    try await withFrozenDatabase { server, line in
      let browsing = (1...3).map { limit in Task { try await server.get("/v1/products?limit=\(limit)") } }
      try await until("browsing has its places") { try await underWay(server) == 3 }
      // Kept, then too old to be given without asking, but better than none.
      #expect(try await server.get("/v1/categories").status == 200)
      try await Task.sleep(for: .milliseconds(1_100))
      let late = try await server.get("/v1/categories")
      #expect(late.status == 200)
      #expect(late.fields["cache-status"] == "shop; hit; detail=stale")
      line.isFrozen = false
      for task in browsing { #expect(try await task.value.status == 200) }
    }
  }
}
