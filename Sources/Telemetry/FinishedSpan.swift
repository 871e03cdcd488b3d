import Tracing

/// A span that has ended, as it is exported.
package struct FinishedSpan: Sendable {
  /// Its trace and its own id.
  let trace: TraceContext
  /// Nil where the trace begins with it.
  let parent: UInt64?
  let name: String
  let kind: SpanKind
  /// Nanoseconds since 1970.
  let start: UInt64
  let end: UInt64
  let attributes: SpanAttributes
  let status: SpanStatus?
  let events: [SpanEvent]
  let links: [SpanLink]
}
