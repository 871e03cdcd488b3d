import HTTP
import Shop

extension Route {
  /// Every problem that may be the answer, made by the map that makes the answers.
  var problems: [Problem] {
    reasons.map { ErrorMap.problem(for: $0) }
  }

  private var reasons: [any Error] {
    var reasons: [any Error] = [
      ParseFailure.malformed("", section: ""), ParseFailure.framing("", section: ""), ParseFailure.tooManyConnections,
      Self.malformed(.unknownParameter), Self.malformed(.invalidParameter), Refusal.unauthenticated, Refusal.forbidden,
      Refusal.overloaded(retryAfter: 1), Refusal.unavailable(retryAfter: 1),
    ]
    if pattern.contains("{") { reasons.append(Refusal.notFound) }
    if documentation.query.contains(where: { $0.name == Parameter.after.name }) { reasons.append(Self.malformed(.invalidCursor)) }
    if documentation.body != nil {
      reasons += [
        Self.malformed(.invalidJSON), RequestFault.unsupportedMediaType(isPatch: method == .patch), ParseFailure.contentTooLarge,
        Refusal.invalid([]),
      ]
    }
    return reasons + reasonsOfKey + reasonsOfPrecondition + documentation.refusals
  }

  private var reasonsOfKey: [any Error] {
    guard documentation.key != .ignored else { return [] }
    var reasons: [any Error] = [
      Self.malformed(.invalidIdempotencyKey), Refusal.idempotencyMismatch, Refusal.idempotencyInProgress(retryAfter: 1),
    ]
    if documentation.key == .required { reasons.append(Self.malformed(.missingIdempotencyKey)) }
    if access == .anyone { reasons.append(Self.malformed(.weakIdempotencyKey)) }
    return reasons
  }

  private var reasonsOfPrecondition: [any Error] {
    switch documentation.precondition {
    case .ignored: []
    case .accepted: [Self.malformed(.invalidHeader), Refusal.stale(current: 1)]
    case .required: [Self.malformed(.invalidHeader), Refusal.stale(current: 1), Refusal.preconditionRequired]
    }
  }

  private static func malformed(_ what: Refusal.Malformed) -> Refusal { .malformed(what, detail: "") }
}
