/// Why a request has no response.
package enum ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The request cannot be written as HTTP; nothing was sent.
  case invalidRequest(String)
  /// Too many requests to this origin are under way; nothing was sent.
  case tooManyRequests
  /// No connection came about; nothing was sent.
  case connectFailed(String)
  /// The deadline passed. `sent`: whether any byte went out, so that the effect may have happened.
  case timedOut(sent: Bool)
  /// The connection ended before the whole response.
  case connectionLost(sent: Bool, String)
  /// What came is no HTTP response; the request was sent.
  case invalidResponse(String)
  /// The response outgrew its bound; the request was sent.
  case responseTooLarge

  /// Whether the other side may have acted on the request.
  package var mayHaveTakenEffect: Bool {
    switch self {
    case .invalidRequest, .tooManyRequests, .connectFailed: false
    case .timedOut(let sent), .connectionLost(let sent, _): sent
    case .invalidResponse, .responseTooLarge: true
    }
  }

  package var description: String {
    switch self {
    case .invalidRequest(let reason): "invalid request: \(reason)"
    case .tooManyRequests: "too many requests to this origin are under way"
    case .connectFailed(let reason): "no connection: \(reason)"
    case .timedOut(let sent): sent ? "no response by the deadline" : "not sent by the deadline"
    case .connectionLost(_, let reason): "connection lost: \(reason)"
    case .invalidResponse(let reason): "invalid response: \(reason)"
    case .responseTooLarge: "response too large"
    }
  }
}
