import Synchronization
import Tracing

/// A span in the making; ends up in the queue of its tracer, unless it is of a trace that is not sampled.
package final class RecordedSpan: Tracing.Span {
  private struct State {
    var name: String
    var attributes: SpanAttributes = [:]
    var status: SpanStatus?
    var events: [SpanEvent] = []
    var links: [SpanLink] = []
    var isEnded = false
  }

  package let context: InstrumentationContext
  /// Its trace and its own id.
  package let trace: TraceContext
  /// Nanoseconds since 1970.
  package let start: UInt64
  private let parent: UInt64?
  private let kind: SpanKind
  /// Nil: nothing of it is kept.
  private let queue: SpanQueue?
  private let state: Mutex<State>

  /// - Parameter context: of which the span is the newest.
  init(
    _ name: String, _ trace: TraceContext, in context: InstrumentationContext, parent: UInt64?, kind: SpanKind, start: UInt64,
    queue: SpanQueue?
  ) {
    self.context = context
    self.trace = trace
    self.start = start
    self.parent = parent
    self.kind = kind
    self.queue = queue
    state = Mutex(State(name: name))
  }

  package var isRecording: Bool { queue != nil && state.withLock { !$0.isEnded } }

  package var operationName: String {
    get { state.withLock { $0.name } }
    set { state.withLock { $0.name = newValue } }
  }

  package var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { state.withLock { $0.attributes = newValue } }
  }

  package func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }

  package func addEvent(_ event: SpanEvent) { state.withLock { $0.events.append(event) } }

  package func addLink(_ link: SpanLink) { state.withLock { $0.links.append(link) } }

  /// Keeps the error's type alone: its text may hold values of the shop.
  package func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    var attributes = attributes
    attributes["exception.type"] = "\(type(of: error))"
    addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
  }

  /// Ends it once: what comes later is not looked at.
  package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    guard let queue else { return }
    let end = instant().nanosecondsSinceEpoch
    let finished = state.withLock { state -> FinishedSpan? in
      guard !state.isEnded else { return nil }
      state.isEnded = true
      return FinishedSpan(
        trace: trace, parent: parent, name: state.name, kind: kind, start: start, end: max(start, end),
        attributes: state.attributes, status: state.status, events: state.events, links: state.links)
    }
    if let finished { queue.append(finished) }
  }
}
