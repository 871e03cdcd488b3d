import Tracing

/// One command as a trace shows it: its name, never its keys or values.
struct CommandSpan {
  private let span: any Span

  /// Nil where nobody traces.
  init?(_ arguments: [Argument], _ configuration: Configuration) {
    guard let tracer = configuration.tracer, let context = InstrumentationContext.current, let word = arguments.first else {
      return nil
    }
    let name = String(decoding: word.bytes, as: UTF8.self)
    span = tracer.startSpan(name, context: context, ofKind: .client)
    span.updateAttributes { attributes in
      attributes["db.system.name"] = "redis"
      attributes["db.operation.name"] = name
      switch configuration.endpoint.place {
      case .host(let host, let port):
        attributes["server.address"] = host
        attributes["server.port"] = Int(port)
      case .unixPath(let path): attributes["server.address"] = path
      }
    }
  }

  func end(_ error: RedisError?) {
    if let error {
      span.attributes["error.type"] = error.kind
      span.setStatus(SpanStatus(code: .error))
    }
    span.end()
  }
}

extension RedisError {
  /// Its case, or the code that Redis gave.
  fileprivate var kind: String {
    switch self {
    case .unavailable: "unavailable"
    case .circuitOpen: "circuit_open"
    case .overloaded: "overloaded"
    case .commandTooLarge: "command_too_large"
    case .timedOut: "timeout"
    case .connectionLost: "connection_lost"
    case .replyTooLarge: "reply_too_large"
    case .protocolViolation: "protocol_violation"
    case .server(let code, _): code
    case .unexpectedReply: "unexpected_reply"
    }
  }
}
