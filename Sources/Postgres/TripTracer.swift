import Tracing

/// Shows each trip to one server in the trace that it is made for; there is none where nobody traces.
final class TripTracer: Sendable {
  private let tracer: any Tracer
  private let database: String?
  private let host: ConnectionString.Host?

  /// Longer summaries are cut, as the semantic conventions of OpenTelemetry ask.
  private static let longestSummary = 255

  init?(_ options: DatabaseOptions) {
    guard let tracer = options.tracer else { return nil }
    self.tracer = tracer
    database = options.target.database
    host = options.target.hosts.first
  }

  /// Nil for whoever works for no trace.
  func trip(of query: Query) -> TripSpan? {
    guard let context = InstrumentationContext.current else { return nil }
    return start([query], context)
  }

  /// Nil for whoever works for no trace.
  func trip(of queries: [Query]) -> TripSpan? {
    guard let context = InstrumentationContext.current else { return nil }
    return start(queries, context)
  }

  /// As `trip(of:)`, of what is done together with others: its time in line is part of it.
  func trip(named name: String) -> TripSpan? {
    guard let context = InstrumentationContext.current else { return nil }
    return start(name, statements: 1, context)
  }

  /// Named by its statements, of which there are so many: never by their text or their values.
  private func start(_ queries: [Query], _ context: InstrumentationContext) -> TripSpan {
    let summary = String(queries.map(\.statement.name).joined(separator: "; ").prefix(Self.longestSummary))
    return start(summary, statements: queries.count, context)
  }

  private func start(_ summary: String, statements: Int, _ context: InstrumentationContext) -> TripSpan {
    let span = tracer.startSpan(summary, context: context, ofKind: .client)
    span.updateAttributes { attributes in
      attributes["db.system.name"] = "postgresql"
      attributes["db.query.summary"] = summary
      if statements > 1 { attributes["db.operation.batch.size"] = statements }
      attributes["db.namespace"] = database
      if let host {
        attributes["server.address"] = host.name.isEmpty ? host.address ?? "" : host.name
        attributes["server.port"] = Int(host.port)
      }
    }
    return TripSpan(span)
  }
}
