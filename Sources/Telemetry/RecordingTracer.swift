import Synchronization
import Tracing

/// Makes the spans of one loop. Whether a trace is sampled is decided once, where it begins; everyone after follows the flag.
package final class RecordingTracer: Tracer {
  private let queue: SpanQueue
  private let threshold: UInt64
  private let random: Mutex<any RandomNumberGenerator & Sendable>

  /// - Parameters:
  ///   - ratio: of the traces that begin here, from 0 to 1.
  ///   - random: ids need not be secret, only unlike each other.
  package init(_ queue: SpanQueue, ratio: Double, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
    self.queue = queue
    threshold = UInt64((1 - min(1, max(0, ratio))) * 0x1p56)
    self.random = Mutex(random)
  }

  /// Where to record what answers a request, or what nobody asked for (nil); no context: nothing is to be recorded, and nothing was
  /// allocated.
  package func admit(traceparent: ArraySlice<UInt8>? = nil) -> InstrumentationContext? {
    let trace = traceparent.flatMap { TraceContext(traceparent: $0) } ?? begin()
    guard trace.isSampled else { return nil }
    var context = InstrumentationContext.topLevel
    context.trace = trace
    return context
  }

  private func begin() -> TraceContext {
    random.withLock { random in
      var generator = random
      defer { random = generator }
      return TraceContext(using: &generator)
    }.sampled(from: threshold)
  }

  package func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> RecordedSpan {
    var context = context()
    let parent = context.trace ?? begin()
    let trace = random.withLock { random in
      var generator = random
      defer { random = generator }
      return parent.child(using: &generator)
    }
    context.trace = trace
    return RecordedSpan(
      operationName, trace, in: context, parent: parent.span == 0 ? nil : parent.span, kind: kind,
      start: instant().nanosecondsSinceEpoch, queue: trace.isSampled ? queue : nil)
  }

  /// Nothing waits here: whoever exports looks after the queue.
  package func forceFlush() {}

  // MARK: Between processes

  private static let header = "traceparent"

  package func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let trace = context.trace else { return }
    injector.inject(trace.traceparent, forKey: Self.header, into: &carrier)
  }

  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: Self.header, from: carrier) else { return }
    if let trace = TraceContext(traceparent: text) { context.trace = trace }
  }
}
