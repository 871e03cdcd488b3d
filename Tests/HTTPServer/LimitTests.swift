import Reactor
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
  private func limits(_ change: (inout Limits) -> Void) -> Limits {
    var limits = Limits()
    change(&limits)
    return limits
  }

  /// More than socket buffers hold, so that the server answers while the client is still sending.
  private func sendWhileRefused(_ client: RawClient, _ head: String, filler: UInt8) throws {
    try client.send(head)
    try client.send([UInt8](repeating: filler, count: 8 << 20))
  }

  @Test(arguments: [
    ("GET /", 0x61 as UInt8, 414), ("GET / HTTP/1.1\r\nHost: shop\r\nX: ", 0x61, 431),
    ("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 8388608\r\n\r\n", 0x61, 413),
    ("POST /echo HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n", 0x61, 413),
  ])
  func `the answer to what is too large can be read although the client was still sending`(
    head: String, filler: UInt8, status: Int
  ) async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try sendWhileRefused(client, head, filler: filler)
      let response = try client.response()
      #expect(response.status == status)
      #expect(response["content-type"] == "application/problem+json")
      #expect(response.closes)
      client.shutdownWrite()
      #expect(client.restAsText() == ("", .inOrder))
      #expect(running.service.paths.isEmpty)
    }
  }

  @Test func `content that is announced too large gets 413 instead of 100`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n")
      let response = try client.response()
      #expect(response.status == 413)
      #expect(response.closes)
    }
  }

  @Test func `a head must end in time, however its bytes trickle`() async throws {
    try await RunningServer.serve(limits { $0.head = .milliseconds(200) }) { running in
      let client = try running.client()
      try client.send("GET / HTTP/1.1\r\nHost: shop\r\n")
      // Each byte comes in time, the whole does not.
      let start = Instant.measured()
      while running.server.statistics.timedOut == 0, .measured() < start + .seconds(10) {
        try? client.send("X")
        try await Task.sleep(for: .milliseconds(20))
      }
      let response = try client.response()
      #expect(response.status == 408)
      #expect(response.closes)
      #expect(running.server.statistics.malformed.load(ordering: .relaxed) == 0)
    }
  }

  @Test func `the head behind an answered request has the same deadline`() async throws {
    try await RunningServer.serve(limits { $0.head = .milliseconds(200) }) { running in
      let client = try running.client()
      try client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\nGET / HT")
      #expect(try client.response().status == 200)
      #expect(try client.response().status == 408)
      #expect(client.restAsText() == ("", .inOrder))
    }
  }

  @Test func `a connection without a request is closed without a word`() async throws {
    try await RunningServer.serve(limits { $0.head = .milliseconds(100) }) { running in
      let client = try running.client()
      #expect(client.restAsText() == ("", .inOrder))
    }
  }

  @Test func `content that comes too slowly is refused`() async throws {
    try await RunningServer.serve(
      limits {
        $0.bodyGrace = .milliseconds(1_100)
        $0.bodyRate = 1_000
      }
    ) { running in
      let slow = try running.client()
      let steady = try running.client()
      try slow.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5000\r\n\r\nabc")
      try steady.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5000\r\n\r\n")
      try steady.send([UInt8](repeating: 0x61, count: 4_999))
      #expect(try slow.response().status == 408)
      try steady.send("a")
      #expect(try steady.response().body.count == 5_000)
    }
  }

  @Test func `an idle connection is closed in order`() async throws {
    try await RunningServer.serve(limits { $0.keepAlive = .milliseconds(100) }) { running in
      let client = try running.client()
      try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try client.response().text == "hello")
      #expect(client.restAsText() == ("", .inOrder))
      #expect(running.server.statistics.timedOut == 0)
    }
  }

  @Test(arguments: ["/big", "/stream"])
  func `a client that takes nothing is cut`(path: String) async throws {
    try await RunningServer.serve(limits { $0.writeStall = .milliseconds(200) }) { running in
      let client = try running.client(receiveBuffer: 4_096)
      try client.send("GET \(path) HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.server.statistics.timedOut == 1 && running.open == 0 }
      try await eventually { running.service.finished.count == 1 }
      // What the kernel had already taken arrives, the rest does not.
      #expect(client.rest().bytes.count < 4 << 20)
    }
  }

  @Test func `a client that reads at last is idle from then on, not from the stall`() async throws {
    try await RunningServer.serve(limits { $0.writeStall = .milliseconds(300) }) { running in
      let client = try running.client(receiveBuffer: 4_096)
      try client.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try client.response().body.count == 4 << 20)
      // Longer than the stall that had begun: the connection is still there.
      try await Task.sleep(for: .milliseconds(600))
      try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try client.response().text == "hello")
    }
  }

  @Test func `answers to pipelined requests wait for the client to take them`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client(receiveBuffer: 4_096)
      var requests = ""
      for _ in 0..<100 { requests += "GET /big HTTP/1.1\r\nHost: shop\r\n\r\n" }
      try client.send(requests)
      try await eventually { !running.service.paths.isEmpty }
      let other = try running.client()
      try other.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try other.response().text == "hello")
      // 400 MB would be waiting here, were they all answered at once.
      #expect(running.service.paths.count < 10)
      for _ in 0..<5 { #expect(try client.response().body.count == 4 << 20) }
    }
  }

  @Test func `one connection too many is told so and closed`() async throws {
    try await RunningServer.serve(limits { $0.connections = 2 }) { running in
      let first = try running.client()
      var second: RawClient? = try running.client()
      for client in [first, second] {
        try client?.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
        #expect(try client?.response().status == 200)
      }
      let third = try running.client()
      let refused = try third.response()
      #expect(refused.status == 503)
      #expect(refused["content-type"] == "application/problem+json")
      #expect(third.restAsText() == ("", .inOrder))
      third.shutdownWrite()
      second = nil
      try await eventually { running.open == 1 }
      let fourth = try running.client()
      try fourth.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try fourth.response().status == 200)
    }
  }
}
