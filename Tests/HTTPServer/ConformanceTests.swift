import Conformance
import TestSupport
import Testing

@testable import HTTPServer

/// Each case of HTTP/1.1 over a real connection: the status, whether the connection ends, and what follows.
@Suite struct ConformanceTests {
  @Test(arguments: Delivery.allCases)
  func `every case is answered as the RFCs say, however its bytes arrive`(_ delivery: Delivery) async throws {
    try await RunningServer.serve { running in
      let faults = try Player(port: running.port).play(WireCase.all, delivery)
      for fault in faults.prefix(20) { Issue.record("\(fault)") }
      if faults.count > 20 { Issue.record("and \(faults.count - 20) more") }
      #expect(!running.service.paths.contains(Player.smuggledPath))
      // Each further request was executed, so the record can be trusted to hold what else was.
      #expect(running.service.paths.contains("/further"))
      try await eventually { running.open == 0 }
    }
  }
}
