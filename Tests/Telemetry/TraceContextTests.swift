import Telemetry
import Testing

@Suite struct TraceContextTests {
  @Test func `a valid header is read and sent on`() throws {
    let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let trace = try #require(TraceContext(traceparent: header))
    #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(trace.spanID == "00f067aa0ba902b7")
    #expect(TraceContext(traceparent: Array(header.utf8)[...]) == trace)
    #expect(trace.isSampled)
    #expect(trace.traceparent == header)
    var random = SystemRandomNumberGenerator()
    let child = trace.child(using: &random)
    #expect(child.traceID == trace.traceID)
    #expect(child.spanID != trace.spanID)
  }

  @Test func `a later version may say more`() {
    #expect(TraceContext(traceparent: "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more")?.isSampled == false)
  }

  @Test(arguments: [
    "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
    "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
    " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  ])
  func `a header that breaks a rule is none`(header: String) {
    #expect(TraceContext(traceparent: header) == nil)
  }

  @Test func `a new trace is valid even from poor randomness`() {
    struct Zeros: RandomNumberGenerator { mutating func next() -> UInt64 { 0 } }
    var zeros = Zeros()
    let trace = TraceContext(using: &zeros).child(using: &zeros)
    #expect(trace.traceparent == "00-00000000000000000000000000000001-0000000000000001-00")
    #expect(TraceContext(traceparent: trace.traceparent) == trace)
  }
}
