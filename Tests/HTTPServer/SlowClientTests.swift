import Reactor
import TestSupport
import Testing

@testable import HTTPServer

/// Clients that take their time, each with limits so short that the test need not.
@Suite struct SlowClientTests {
  private func limits(_ change: (inout Limits) -> Void) -> Limits {
    var limits = Limits()
    change(&limits)
    return limits
  }

  /// Sends a byte now and then until the server has cut somebody for `reason`.
  private func trickle(_ client: RawClient, _ running: RunningServer, until reason: Statistics.Cut) async throws {
    try await eventually {
      try? client.send("a")
      try await Task.sleep(for: .milliseconds(10))
      return running.server.statistics.count(of: reason) > 0
    }
  }

  @Test func `a head that comes too slowly is cut long before its deadline`() async throws {
    try await RunningServer.serve(
      limits {
        $0.headGrace = .milliseconds(200)
        $0.headRate = 1_000
        $0.head = .seconds(60)
      }
    ) { running in
      let client = try running.client()
      try client.send("GET / HTTP/1.1\r\nHost: shop\r\nX: ")
      try await trickle(client, running, until: .head)
      #expect(try client.response().status == 408)
      #expect(running.service.paths == [])
    }
  }

  @Test func `content that comes fast enough at first must end in time all the same`() async throws {
    try await RunningServer.serve(
      limits {
        $0.bodyGrace = .milliseconds(50)
        $0.bodyRate = 1
        $0.body = .milliseconds(400)
      }
    ) { running in
      let client = try running.client()
      try client.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5000\r\n\r\n")
      try client.send([UInt8](repeating: 0x61, count: 4_000))
      try await trickle(client, running, until: .body)
      #expect(try client.response().status == 408)
    }
  }

  @Test func `a client that takes a little now and then is cut for its rate`() async throws {
    try await RunningServer.serve(
      limits {
        $0.writeStall = .milliseconds(300)
        $0.writeRate = 100_000_000
      }
    ) { running in
      let client = try running.client(receiveBuffer: 4_096)
      try client.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually {
        _ = try? client.bytes(4_096)
        return running.server.statistics.count(of: .write) > 0
      }
      #expect(running.server.statistics.timedOut == 1)
    }
  }

  @Test func `an answer that the kernel has taken for a client that does not read is not kept for long`() async throws {
    try await RunningServer.serve(limits { $0.writeStall = .milliseconds(200) }) { running in
      let client = try running.client(receiveBuffer: 2_048)
      // It fits in the kernel's buffers on the way, and not in the client's.
      try client.send("GET /medium HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.server.statistics.count(of: .write) == 1 && running.open == 0 }
    }
  }

  @Test func `clients that read slowly but steadily get all of it`() async throws {
    try await RunningServer.serve(limits { $0.writeStall = .seconds(5) }) { running in
      let client = try running.client(receiveBuffer: 4_096)
      try client.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\nGET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try client.response().body == [UInt8](repeating: 0x62, count: 4 << 20))
      #expect(try client.response().text == "hello")
      #expect(running.server.statistics.timedOut == 0)
    }
  }

  @Test func `where too much waits for clients that do not read, those are cut that waited for the longest`() async throws {
    // Each waits with some four megabytes.
    try await RunningServer.serve(limits { $0.stalledBytes = 15 << 20 }) { running in
      var clients: [RawClient] = []
      for count in 1...3 {
        let client = try running.client(receiveBuffer: 4_096)
        try client.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n")
        clients.append(client)
        try await eventually { running.service.paths.count == count }
      }
      let other = try running.client()
      try other.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try other.response().text == "hello")
      #expect(running.server.statistics.count(of: .memory) == 0)
      let last = try running.client(receiveBuffer: 4_096)
      try last.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.server.statistics.count(of: .memory) > 0 }
      #expect(clients[0].rest().bytes.count < 4 << 20)
      // The one that asked last is none of them.
      #expect(try last.response().body.count == 4 << 20)
    }
  }
}
