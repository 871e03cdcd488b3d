import Foundation
import Synchronization
import TestSupport
import Testing

/// SIGTERM, as an orchestrator sends it to a process that is busy.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct TerminationTests {
  /// Clients that ask again and again over connections that they keep as long as they are let.
  private final class Crowd: Sendable {
    let answered = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    let hasEnough = Atomic<Bool>(false)
    private let losses = Mutex<[String]>([])

    var lost: [String] { losses.withLock { $0 } }

    func ask(_ port: UInt16) {
      while !hasEnough.load(ordering: .relaxed) {
        do {
          let client = try RawClient(port: port)
          connections.add(1, ordering: .relaxed)
          var isLast = false
          while !isLast, !hasEnough.load(ordering: .relaxed) {
            try client.send("GET /v1/categories HTTP/1.1\r\nHost: shop\r\n\r\n")
            let response = try client.response()
            guard response.status == 200 else { throw TestFault("answered \(response.status)") }
            answered.add(1, ordering: .relaxed)
            isLast = response.closes
          }
        } catch {
          losses.withLock { $0.append("\(error)") }
        }
      }
    }
  }

  @Test func `a busy server that is told to end answers all that it was asked, and ends with 0`() async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let server = try await ShopServer.start(
        scene.database,
        scene.provider.settings.merging(
          ["SHOP_LOOPS": "2", "SHOP_DRAIN_GRACE_MS": "1500", "SHOP_DRAIN_DEADLINE_MS": "25000"]) { $1 })
      let shopper = try await Shopper.ready(at: server, try await Merchant(server).sell(stock: 1))
      let crowd = Crowd()
      let port = server.port
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 { group.addTask { try await onThread { crowd.ask(port) } } }
        defer { crowd.hasEnough.store(true, ordering: .relaxed) }
        try await until("the clients are busy") { crowd.answered.load(ordering: .relaxed) > 100 }
        #expect(crowd.connections.load(ordering: .relaxed) == 6, "connections are kept")
        // Longer than the door stays open.
        let slow = Task { try await shopper.complete(paying: "tok_slow_2500", total: "1799") }
        try await until("the provider works on a payment") {
          try await scene.provider.get("/authorizations?limit=1000").text.contains("authorized")
        }

        server.process.send(SIGTERM)
        try await server.process.line(saying: "draining")
        let ready = try await server.get("/health/ready")
        #expect(ready.status == 503)
        #expect(ready["status"] == "draining")
        #expect(try await server.get("/health/live").status == 200)
        // The door is still open: each answer is its connection's last, so all of these came by a new one.
        let (answered, connections) = (crowd.answered.load(ordering: .relaxed), crowd.connections.load(ordering: .relaxed))
        try await until("many have come in since") { crowd.answered.load(ordering: .relaxed) > answered + 60 }
        #expect(crowd.connections.load(ordering: .relaxed) > connections + 50)
        crowd.hasEnough.store(true, ordering: .relaxed)
        try await group.waitForAll()

        #expect(try await server.process.end() == 0)
        #expect(try await slow.value.status == 201)
        #expect(crowd.lost == [])
        let lines = server.process.lines
        #expect(lines.count { $0.contains(#""route":"/v1/categories""#) } == crowd.answered.load(ordering: .relaxed))
        #expect(lines.contains { $0.contains(#""message":"stopped""#) && $0.contains(#""clean":"true""#) })
        #expect(try await Books(scene).faults() == [])
      }
    }
  }

  @Test func `a second signal changes nothing, and an idle server ends at once when the door closes`() async throws {
    let server = try await ShopServer.start(try TestDatabase(), ["SHOP_DRAIN_GRACE_MS": "300"])
    var idle: RawClient? = try RawClient(port: server.port)
    try idle?.send("GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n")
    #expect(try idle?.response().status == 200)
    server.process.send(SIGTERM)
    try await server.process.line(saying: "draining")
    server.process.send(SIGTERM)
    server.process.send(SIGINT)
    let end = try #require(idle).restAsText()
    #expect(end == ("", .inOrder))
    idle = nil
    #expect(try await server.process.end() == 0)
    #expect(server.process.lines.count { $0.contains(#""message":"draining""#) } == 1)
  }
}
