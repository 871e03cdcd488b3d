import Reactor
import TestSupport
import Testing

@testable import HTTPServer

/// What one address may do. Every client here has the same, and is a proxy where that is said to be trusted.
@Suite struct AddressLimitTests {
  private func limits(_ change: (inout Limits) -> Void) -> Limits {
    var limits = Limits()
    change(&limits)
    return limits
  }

  private let loopback = [IPNetwork("127.0.0.0/8")].compactMap(\.self)

  private func ask(_ client: RawClient, _ fields: String = "") throws -> RawResponse {
    try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\(fields)\r\n")
    return try client.response()
  }

  @Test func `an address has so many connections, and one more when one has ended`() async throws {
    try await RunningServer.serve(limits { $0.connectionsPerAddress = 2 }) { running in
      let first = try running.client()
      var second: RawClient? = try running.client()
      for client in [first, second] { #expect(try client.map { try ask($0).status } == 200) }
      let third = try running.client()
      let refused = try third.response()
      #expect(refused.status == 429)
      #expect(refused.closes)
      third.shutdownWrite()
      #expect(third.restAsText() == ("", .inOrder))
      #expect(running.server.statistics.count(of: Statistics.Refusal.address) == 1)
      #expect(running.server.statistics.count(of: Statistics.Refusal.total) == 0)
      second = nil
      try await eventually { running.open == 1 }
      #expect(try ask(running.client()).status == 200)
    }
  }

  @Test func `a trusted proxy has as many as it needs`() async throws {
    try await RunningServer.serve(
      limits {
        $0.connectionsPerAddress = 2
        $0.trustedProxies = loopback
      }
    ) { running in
      let clients = try (0..<8).map { _ in try running.client() }
      for client in clients { #expect(try ask(client).status == 200) }
    }
  }

  @Test func `who asks too often is told so, and may go on later on the same connection`() async throws {
    // A second's worth is one request, and ten seconds' worth may come at once.
    try await RunningServer.serve(limits { $0.requestsPerAddress = 1 }) { running in
      let client = try running.client()
      var answered = 0
      var refused = try ask(client)
      while refused.status == 200, answered < 100 {
        answered += 1
        refused = try ask(client)
      }
      // A slow machine has let a second pass, or a few.
      #expect((10...30).contains(answered))
      #expect(refused.status == 429)
      #expect(!refused.closes)
      #expect(running.server.statistics.count(of: Statistics.Excess.rate) == 1)
      #expect(running.service.paths.count == answered)
      try await eventually {
        try await Task.sleep(for: .milliseconds(100))
        return try ask(client).status == 200
      }
    }
  }

  @Test func `behind a trusted proxy each client is counted for itself, and the proxy never`() async throws {
    try await RunningServer.serve(
      limits {
        $0.requestsPerAddress = 1
        $0.trustedProxies = loopback
      }
    ) { running in
      let proxy = try running.client()
      for _ in 0..<10 { #expect(try ask(proxy, "X-Forwarded-For: 192.0.2.1\r\n").status == 200) }
      // What a client writes itself stands before what the proxy adds.
      #expect(try ask(proxy, "X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\n").status == 429)
      #expect(try ask(proxy, "X-Forwarded-For: 192.0.2.2\r\n").status == 200)
      for _ in 0..<20 { #expect(try ask(proxy).status == 200) }
    }
  }

  @Test func `nobody else is believed`() async throws {
    try await RunningServer.serve(limits { $0.requestsPerAddress = 1 }) { running in
      let client = try running.client()
      for number in 0..<10 { #expect(try ask(client, "X-Forwarded-For: 192.0.2.\(number)\r\n").status == 200) }
      #expect(try ask(client, "X-Forwarded-For: 192.0.2.99\r\n").status == 429)
    }
  }

  @Test func `a connection that has had its requests is told which was the last`() async throws {
    try await RunningServer.serve(limits { $0.requestsPerConnection = 3 }) { running in
      let client = try running.client()
      #expect(try ask(client).closes == false)
      #expect(try ask(client).closes == false)
      #expect(try ask(client).closes)
      #expect(client.restAsText() == ("", .inOrder))
      #expect(running.server.statistics.usedUp.load(ordering: .relaxed) == 1)
    }
  }
}
