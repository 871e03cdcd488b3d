import Reactor
import Synchronization

/// What the test provider remembers: one authorisation a key, for as long as it runs.
final class TestProviderLedger: Sendable {
  enum Status: String, Sendable {
    case authorized, declined, processing, voided
    case requiresAction = "requires_action"
  }

  struct Authorisation: Sendable {
    let key: String
    let token: String
    let amount: Int64
    let currency: String
    fileprivate(set) var status: Status
    /// When what is `processing` becomes `authorized`.
    fileprivate var decidedAt: Instant?
  }

  private struct State {
    var byKey: [String: Authorisation] = [:]
    var order: [String] = []
    var oldest = 0
  }

  /// The oldest are forgotten: a bench must not fill the memory.
  private static let most = 200_000

  private let state = Mutex(State())
  private let decisionTime: Duration

  init(decisionTime: Duration) { self.decisionTime = decisionTime }

  /// The authorisation of this key: a new one by the token's rule, or the one that it has, whatever is sent with it.
  func authorise(key: String, token: String, amount: Int64, currency: String) -> Authorisation {
    state.withLock { state in
      if let known = Self.settled(&state, key) { return known }
      var authorisation = Authorisation(key: key, token: token, amount: amount, currency: currency, status: .authorized)
      switch token {
      case "tok_declined": authorisation.status = .declined
      case "tok_requires_action": authorisation.status = .requiresAction
      case "tok_timeout":
        authorisation.status = .processing
        authorisation.decidedAt = .measured() + decisionTime
      case _ where token == "tok_ok" || token.hasPrefix("tok_slow_"): break
      default: authorisation.status = .declined
      }
      state.byKey[key] = authorisation
      state.order.append(key)
      if state.byKey.count > Self.most {
        state.byKey[state.order[state.oldest]] = nil
        state.oldest += 1
      }
      return authorisation
    }
  }

  func find(_ key: String) -> Authorisation? { state.withLock { Self.settled(&$0, key) } }

  /// So many of them, in the order in which they were asked for, after so many; and how many come before the next page.
  func page(after position: Int, limit: Int) -> (authorisations: [Authorisation], next: Int?) {
    state.withLock { state in
      let start = max(position, state.oldest)
      guard start < state.order.count else { return ([], nil) }
      let keys = state.order[start...].prefix(limit)
      var found: [Authorisation] = []
      for key in keys { if let authorisation = Self.settled(&state, key) { found.append(authorisation) } }
      return (found, keys.endIndex < state.order.count ? keys.endIndex : nil)
    }
  }

  /// Ends one for good; one that was never made is made voided, so that it cannot come later.
  func void(_ key: String) -> Authorisation {
    state.withLock { state in
      var authorisation =
        Self.settled(&state, key) ?? Authorisation(key: key, token: "", amount: 0, currency: "", status: .voided)
      if state.byKey[key] == nil { state.order.append(key) }
      if authorisation.status != .declined { authorisation.status = .voided }
      authorisation.decidedAt = nil
      state.byKey[key] = authorisation
      return authorisation
    }
  }

  /// What the shopper does at the provider's page.
  func complete(_ key: String) -> Authorisation? {
    state.withLock { state in
      guard var authorisation = state.byKey[key] else { return nil }
      if authorisation.status == .requiresAction { authorisation.status = .authorized }
      state.byKey[key] = authorisation
      return authorisation
    }
  }

  private static func settled(_ state: inout State, _ key: String) -> Authorisation? {
    guard var authorisation = state.byKey[key] else { return nil }
    if let time = authorisation.decidedAt, time < .measured() {
      authorisation.status = .authorized
      authorisation.decidedAt = nil
      state.byKey[key] = authorisation
    }
    return authorisation
  }
}
