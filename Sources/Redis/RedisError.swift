import Reactor

/// Why a command has no reply.
///
/// To a cache every case is a miss; to a limiter it is the word to count locally. None of them is worth a retry within a request.
package enum RedisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no connection and none is being made; nothing was sent.
  case unavailable
  /// Redis has failed too often of late to be asked; nothing was sent.
  case circuitOpen
  /// Too many commands are waiting already; nothing was sent.
  case overloaded
  /// The command is larger than a connection takes; nothing was sent.
  case commandTooLarge
  /// No reply by the deadline; the command may still take effect.
  case timedOut
  /// The connection ended before the reply; the command may have taken effect.
  case connectionLost(String)
  /// The reply outgrew its bound, and the connection was discarded.
  case replyTooLarge
  /// Bytes that are not RESP2, or a reply that nobody asked for; the connection was discarded.
  case protocolViolation(String)
  /// Redis refused: the error's first word (`ERR`, `WRONGTYPE`, `OOM` …) and its whole text.
  case server(code: String, message: String)
  /// A well-formed reply of a kind that the command does not give.
  case unexpectedReply

  package var description: String {
    switch self {
    case .unavailable: "not connected"
    case .circuitOpen: "circuit open"
    case .overloaded: "too many commands are waiting"
    case .commandTooLarge: "command too large"
    case .timedOut: "no reply by the deadline"
    case .connectionLost(let reason): "connection lost: \(reason)"
    case .replyTooLarge: "reply too large"
    case .protocolViolation(let reason): "protocol violation: \(reason)"
    case .server(_, let message): message
    case .unexpectedReply: "unexpected reply"
    }
  }

  init(serverMessage message: String) {
    self = .server(code: String(message.prefix { $0 != " " }), message: message)
  }
}
