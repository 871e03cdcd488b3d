/// What is known of a key that was seen before.
package struct IdempotencyRecord: Hashable, Sendable {
  package enum State: String, CaseIterable, Sendable {
    case running, done
  }

  /// SHA-256 over method, route and body of the first request.
  package let requestDigest: [UInt8]
  package let state: State
  /// Until when the first request, or the one that took over, may still be at it.
  package let lockUntil: Timestamp

  package init(requestDigest: [UInt8], state: State, lockUntil: Timestamp) {
    self.requestDigest = requestDigest
    self.state = state
    self.lockUntil = lockUntil
  }
}

/// What a request with a key does.
package enum IdempotencyDecision: Hashable, Sendable {
  /// The first of its kind: do it.
  case begin
  /// Done before: give the stored answer, byte for byte.
  case replay
  /// Begun before and never finished: go on from what is stored.
  case takeOver

  /// Refuses with `idempotency_mismatch` when the key was another request's, `idempotency_in_progress` while that one runs.
  ///
  /// - Parameter record: nil when the key is new.
  package init(for record: IdempotencyRecord?, requestDigest: [UInt8], now: Timestamp) throws(Refusal) {
    guard let record else {
      self = .begin
      return
    }
    guard record.requestDigest == requestDigest else { throw .idempotencyMismatch }
    switch record.state {
    case .done: self = .replay
    case .running:
      guard record.lockUntil <= now else {
        let seconds = (record.lockUntil.microseconds - now.microseconds + 999_999) / 1_000_000
        throw .idempotencyInProgress(retryAfter: Int(min(max(seconds, 1), 60)))
      }
      self = .takeOver
    }
  }

  /// Whether an answer is kept and given again: what was done (2xx, but not 202, which is only half an answer) and a declined
  /// payment. All others did nothing and are worked out anew.
  package static func keeps(status: Int) -> Bool {
    (200...299).contains(status) && status != 202 || status == 402
  }
}
