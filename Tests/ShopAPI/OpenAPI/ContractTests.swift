import TestSupport
import Testing

/// The check that every answer goes through, held against answers that are wrong in one way each.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct ContractTests {
  private static let alive = #"{"status":"ok"}"#
  private static let problem =
    #"{"type":"https://shop.example/problems/not_found","title":"Not found","status":404,"detail":"There is nothing here.","instance":"/","code":"not_found","request_id":"req_01j00000000000000000000001","errors":[]}"#
  private static let json = ["content-type": "application/json", "x-request-id": "req_1"]
  private static let problemJSON = ["content-type": "application/problem+json", "x-request-id": "req_1"]

  private func reply(_ status: Int, _ fields: [String: String], _ text: String) -> TestServer.Reply {
    TestServer.Reply(status: status, fields: fields, body: Array(text.utf8))
  }

  @Test func `an answer that the document does not describe is refused`() async throws {
    try await TestServer.with { server in
      let contract = try #require(server.contract)
      func faults(_ target: String, _ reply: TestServer.Reply, method: String = "GET", body: String? = nil) -> [String] {
        contract.faults(Contract.Exchange(method, target, [:], body, reply))
      }
      #expect(faults("/health/live", reply(200, Self.json, Self.alive)) == [])
      #expect(faults("/health/live", reply(200, Self.json, #"{"status":"well"}"#)).count == 1)
      #expect(faults("/health/live", reply(200, Self.json, #"{"status":"ok","since":1}"#)).count == 1)
      #expect(faults("/health/live", reply(200, Self.json, "{}")).count == 1)
      #expect(faults("/health/live", reply(200, Self.json, "ok")).count == 1)
      #expect(faults("/health/live", reply(200, ["content-type": "text/html", "x-request-id": ""], Self.alive)).count == 1)
      #expect(faults("/health/live", reply(200, ["content-type": "application/json"], Self.alive)).count == 1)
      #expect(faults("/health/live", reply(500, Self.problemJSON, Self.problem)).count == 1)
      #expect(faults("/health/live", reply(404, Self.problemJSON, Self.problem)).count == 1)
      #expect(faults("/v1/orders/x", reply(404, Self.problemJSON, Self.problem)) == [])
      #expect(faults("/v1/orders/x", reply(401, Self.problemJSON, Self.problem)).count == 2)
      #expect(faults("/nowhere", reply(404, Self.problemJSON, Self.problem)) == [])
      #expect(faults("/nowhere", reply(200, Self.json, Self.alive)).count == 2)
      #expect(faults("/health/live", reply(405, Self.problemJSON, Self.problem), method: "POST").count == 1)
      #expect(faults("/health/live", reply(204, [:], ""), method: "OPTIONS") == [])
      #expect(faults("/health/live", reply(200, Self.json, ""), method: "HEAD") == [])
    }
  }

  @Test func `a success of a request that the document does not allow is refused`() async throws {
    try await TestServer.with { server in
      let contract = try #require(server.contract)
      let cart = try await server.post("/v1/carts", #"{"currency":"USD"}"#)
      for (target, body) in [
        ("/v1/carts", #"{"currency":"usd"}"#), ("/v1/carts", #"{"currency":"USD","colour":"red"}"#),
        ("/v1/carts?a=1", #"{"currency":"USD"}"#),
      ] {
        #expect(contract.faults(Contract.Exchange("POST", target, [:], body, cart)).count == 1, "\(target) \(body)")
      }
    }
  }
}
