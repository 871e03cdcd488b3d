import Tracing

/// One trip to the server as a trace shows it.
struct TripSpan {
  private let span: any Span

  init(_ span: any Span) { self.span = span }

  func end() { span.end() }

  func end(_ error: PostgresError) {
    span.updateAttributes { attributes in
      if let state = error.sqlState { attributes["db.response.status_code"] = state }
      attributes["error.type"] = error.sqlState ?? error.kind
    }
    span.setStatus(SpanStatus(code: .error))
    span.end()
  }
}

extension PostgresError {
  /// Its case, without what it holds.
  fileprivate var kind: String {
    switch self {
    case .server: "server"
    case .connectionLost: "connection_lost"
    case .timeout: "timeout"
    case .poolExhausted: "pool_exhausted"
    case .unavailable: "unavailable"
    case .decoding: "decoding"
    case .commitUnknown: "commit_unknown"
    case .closed: "closed"
    }
  }
}
