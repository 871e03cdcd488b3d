import HTTP
import Tracing

/// One request to another service as a trace shows it; the service is told of the trace (W3C Trace Context).
struct CallSpan {
  private let span: any Span
  private let tracer: any Tracer

  private struct FieldInjector: Injector {
    func inject(_ value: String, forKey key: String, into fields: inout HeaderFields) {
      if key == "traceparent" { fields.append("traceparent", value) }
    }
  }

  /// Nil where nobody traces.
  init?(_ request: ClientRequest, _ origin: Origin, _ tracer: (any Tracer)?) {
    guard let tracer, let context = InstrumentationContext.current else { return nil }
    self.tracer = tracer
    let method = request.method.name
    span = tracer.startSpan(request.pattern.map { "\(method) \($0)" } ?? method, context: context, ofKind: .client)
    span.updateAttributes { attributes in
      attributes["http.request.method"] = method
      if let pattern = request.pattern { attributes["url.template"] = "\(pattern)" }
      attributes["server.address"] = origin.host
      attributes["server.port"] = Int(origin.port)
    }
  }

  func tell(_ request: inout ClientRequest) { tracer.inject(span.context, into: &request.headers, using: FieldInjector()) }

  /// To a client every 4xx is a failure, as the semantic conventions of OpenTelemetry say.
  func end(_ status: Int) {
    span.attributes["http.response.status_code"] = status
    if status >= 400 {
      span.attributes["error.type"] = "\(status)"
      span.setStatus(SpanStatus(code: .error))
    }
    span.end()
  }

  func end(_ error: ClientError) {
    span.attributes["error.type"] = error.kind
    span.setStatus(SpanStatus(code: .error))
    span.end()
  }
}

extension ClientError {
  /// Its case, without what it holds.
  fileprivate var kind: String {
    switch self {
    case .invalidRequest: "invalid_request"
    case .tooManyRequests: "too_many_requests"
    case .connectFailed: "connect_failed"
    case .timedOut: "timeout"
    case .connectionLost: "connection_lost"
    case .invalidResponse: "invalid_response"
    case .responseTooLarge: "response_too_large"
    }
  }
}
