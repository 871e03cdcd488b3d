import Reactor
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct DrainTests {
  private var soon: Instant { .measured() + .seconds(10) }

  @Test func `while draining, new clients are answered and told that it was the last time`() async throws {
    try await RunningServer.serve { running in
      let old = try running.client()
      try old.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try old.response().closes == false)
      await running.server.beginDrain()
      for client in [old, try running.client()] {
        try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
        let response = try client.response()
        #expect(response.text == "hello")
        #expect(response.closes)
        #expect(client.restAsText() == ("", .inOrder))
      }
    }
  }

  @Test func `idle connections are closed in order, and the drain is clean`() async throws {
    try await RunningServer.serve(loops: 2) { running in
      var clients: [RawClient] = []
      for _ in 0..<8 {
        let client = try running.client()
        try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
        _ = try client.response()
        clients.append(client)
      }
      await running.server.beginDrain()
      let isClean = running.finishDrain(until: soon)
      for client in clients { #expect(client.restAsText() == ("", .inOrder)) }
      clients = []
      #expect(await isClean.value)
      #expect(running.open == 0)
    }
  }

  @Test func `requests that are on their way when the drain ends are answered`() async throws {
    var limits = Limits()
    // Slow machines too: it is not the deadlines that are tested here.
    (limits.bodyGrace, limits.linger) = (.seconds(20), .seconds(10))
    try await RunningServer.serve(limits) { running in
      let waiting = try running.client()
      try waiting.send("GET /gate HTTP/1.1\r\nHost: shop\r\n\r\n")
      let streaming = try running.client()
      try streaming.send("GET /gated-words HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.service.waitingAtGate == 2 }
      let half = try running.client()
      try half.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhe")
      let fresh = try running.client()
      let reading = try running.client(receiveBuffer: 4_096)
      try reading.send("GET /big HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.open == 5 && running.service.paths.contains("/big") }

      await running.server.beginDrain()
      let isClean = running.finishDrain(until: soon)
      // A new client is refused once the last look at the queue is over.
      try await eventually { (try? running.client()) == nil }
      running.service.openGate()
      try half.send("llo")
      try fresh.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try waiting.response().text == "through")
      #expect(try streaming.response().text == "onetwo")
      #expect(try half.response().text == "hello")
      #expect(try fresh.response().text == "hello")
      #expect(try reading.response().body.count == 4 << 20)
      for client in [waiting, streaming, half, fresh, reading] {
        #expect(client.restAsText() == ("", .inOrder))
        client.shutdownWrite()
      }
      #expect(await isClean.value)
    }
  }

  @Test func `what has not ended by the deadline is cut, and the drain says so`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("GET /gate HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.service.waitingAtGate == 1 }
      await running.server.beginDrain()
      #expect(await running.server.finishDrain(until: .measured()) == false)
      #expect(running.open == 0)
    }
  }

  @Test func `busy clients lose no request to a drain`() async throws {
    try await RunningServer.serve(loops: 2) { running in
      let port = running.port
      let answered = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask { try await onThread { Self.askUntilRefused(port) } }
        }
        try await eventually { running.service.finished.count > 100 }
        await running.server.beginDrain()
        #expect(await running.finishDrain(until: soon).value)
        return try await group.reduce(0, +)
      }
      #expect(answered == running.service.paths.count)
    }
  }

  /// Until the door is closed: whoever got in is answered, and comes back as often as it is let.
  private static func askUntilRefused(_ port: UInt16) -> Int {
    var answered = 0
    while let client = try? RawClient(port: port) {
      // A client that came after the last look at the queue is reset before its request is read.
      while (try? client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")) != nil, let response = try? client.response() {
        answered += 1
        if response.closes { break }
      }
    }
    return answered
  }
}
