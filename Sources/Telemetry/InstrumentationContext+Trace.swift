import Logging
import Tracing

extension InstrumentationContext {
  private enum TraceKey: InstrumentationContextKey {
    typealias Value = TraceContext
  }

  /// The trace that a task works for.
  package var trace: TraceContext? {
    get { self[TraceKey.self] }
    set { self[TraceKey.self] = newValue }
  }
}

extension Logger.MetadataProvider {
  /// Names the trace that the logging task works for.
  static let trace = Logger.MetadataProvider {
    guard let trace = InstrumentationContext.current?.trace else { return [:] }
    return ["trace_id": "\(trace.traceID)"]
  }
}
