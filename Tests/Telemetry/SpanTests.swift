import Telemetry
import Testing
import Tracing

@Suite struct SpanTests {
  /// Counts up from one.
  private struct Steps: RandomNumberGenerator, Sendable {
    var last: UInt64 = 0
    mutating func next() -> UInt64 {
      last += 1
      return last
    }
  }

  private struct Moment: TracerInstant {
    let nanosecondsSinceEpoch: UInt64
    static func < (left: Moment, right: Moment) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
  }

  private func tracer(
    ratio: Double = 1, capacity: Int = 10, batch: Int = 10, random: any RandomNumberGenerator & Sendable = Steps()
  ) -> (tracer: RecordingTracer, queue: SpanQueue, dropped: CounterInstrument) {
    let dropped = CounterInstrument()
    let queue = SpanQueue(capacity: capacity, batch: batch, dropped: dropped)
    return (RecordingTracer(queue, ratio: ratio, random: random), queue, dropped)
  }

  @Test func `spans are written as OTLP's JSON wants them`() throws {
    let (tracer, queue, _) = tracer()
    let header = Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".utf8)
    let context = try #require(tracer.admit(traceparent: header[...]))
    let span = tracer.startSpan(
      "GET", context: context, ofKind: .server, at: Moment(nanosecondsSinceEpoch: 1_700_000_000_000_000_001))
    span.operationName = "GET /v1/\"products\""
    span.attributes["http.response.status_code"] = 200
    span.attributes["ratio"] = 0.5
    span.attributes["is.cached"] = true
    span.attributes["names"] = ["a", "b"]
    span.addEvent(SpanEvent(name: "cache hit", at: Moment(nanosecondsSinceEpoch: 5)))
    span.setStatus(SpanStatus(code: .error, message: "lost"))
    span.end(at: Moment(nanosecondsSinceEpoch: 1_700_000_000_000_000_002))
    let document = SpanDocument(resource: ["service.name": "shop"])
    #expect(
      String(decoding: document.encoded(queue.take()), as: UTF8.self)
        == [
          #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#,
          #""scopeSpans":[{"scope":{"name":"shop"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","#,
          #""spanId":"0000000000000001","parentSpanId":"00f067aa0ba902b7","flags":1,"name":"GET /v1/\"products\"","kind":2,"#,
          #""startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000002","attributes":["#,
          #"{"key":"http.response.status_code","value":{"intValue":"200"}},{"key":"is.cached","value":{"boolValue":true}},"#,
          #"{"key":"names","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}},"#,
          #"{"key":"ratio","value":{"doubleValue":0.5}}],"events":[{"timeUnixNano":"5","name":"cache hit"}],"#,
          #""status":{"message":"lost","code":2}}]}]}]}"#,
        ].joined())
  }

  @Test func `an error is kept by its type, for its text may hold what is nobody's business`() {
    struct Leak: Error { let secret = "hunter2" }
    let (tracer, queue, _) = tracer()
    let span = tracer.startSpan("job", context: .topLevel)
    span.recordError(Leak())
    span.end()
    let text = String(decoding: SpanDocument(resource: [:]).encoded(queue.take()), as: UTF8.self)
    #expect(text.contains(#"{"key":"exception.type","value":{"stringValue":"Leak"}}"#))
    #expect(!text.contains("hunter2"))
  }

  @Test func `a trace that is not sampled leaves nothing, nor do the spans under it`() throws {
    let (tracer, queue, _) = tracer(ratio: 0)
    #expect(tracer.admit() == nil)
    let span = tracer.startSpan("job", context: .topLevel)
    #expect(!span.isRecording)
    let child = tracer.startSpan("step", context: span.context)
    child.end()
    span.end()
    #expect(child.trace.traceID == span.trace.traceID)
    #expect(queue.count == 0)
  }

  @Test func `a span ends once, and what has ended is recorded no more`() {
    let (tracer, queue, _) = tracer()
    let span = tracer.startSpan("job", context: .topLevel)
    #expect(span.isRecording)
    span.end()
    span.end()
    #expect(!span.isRecording)
    #expect(queue.count == 1)
  }

  @Test func `so many traces are sampled as the ratio says`() {
    let (tracer, _, _) = tracer(ratio: 0.25, random: SystemRandomNumberGenerator())
    // Of 10,000, so that four standard deviations are 173.
    let count = (0..<10_000).count { _ in tracer.admit() != nil }
    #expect(abs(count - 2_500) < 260)
  }

  @Test(arguments: [("0", true), ("00", false), ("01", true)])
  func `the caller's flag decides, and a header that is none leaves it to the ratio`(flags: String, isSampled: Bool) {
    let header = Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(flags)".utf8)
    #expect((tracer(ratio: 1).tracer.admit(traceparent: header[...]) != nil) == isSampled)
  }

  @Test func `what finds no room is dropped and counted, and the oldest go first`() {
    let (tracer, queue, dropped) = tracer(capacity: 3, batch: 2)
    for number in 1...5 { tracer.startSpan("span \(number)", context: .topLevel).end() }
    #expect(dropped.count == 2)
    #expect(queue.count == 3)
    let text = String(decoding: SpanDocument(resource: [:]).encoded(queue.take()), as: UTF8.self)
    #expect(text.contains("span 1") && text.contains("span 2") && !text.contains("span 3"))
    #expect(queue.count == 1)
  }

  @Test func `the next service is told of the trace, and understands it`() {
    struct Fields: Injector, Extractor {
      func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
      func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }
    let (tracer, _, _) = tracer()
    let span = tracer.startSpan("call", context: .topLevel)
    var fields: [String: String] = [:]
    tracer.inject(span.context, into: &fields, using: Fields())
    #expect(fields == ["traceparent": span.trace.traceparent])
    var context = InstrumentationContext.topLevel
    tracer.extract(fields, into: &context, using: Fields())
    #expect(context.trace == span.trace)
  }
}
