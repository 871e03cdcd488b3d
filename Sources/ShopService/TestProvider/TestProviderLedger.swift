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
      Self.keep(authorisation, in: &state)
      return authorisation
    }
  }

  /// Every authorisation that it remembers, in the order of their first appearance.
  var all: [Authorisation] {
    state.withLock { state in state.order[state.oldest...].compactMap { Self.settled(&state, $0) } }
  }

  func find(_ key: String) -> Authorisation? { state.withLock { Self.settled(&$0, key) } }

  /// Ends one for good; one that was never made is made voided, so that it cannot come later.
  func void(_ key: String) -> Authorisation {
    state.withLock { state in
      var authorisation =
        Self.settled(&state, key) ?? Authorisation(key: key, token: "", amount: 0, currency: "", status: .voided)
      if authorisation.status != .declined { authorisation.status = .voided }
      authorisation.decidedAt = nil
      Self.keep(authorisation, in: &state)
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

  private static func keep(_ authorisation: Authorisation, in state: inout State) {
    guard state.byKey.updateValue(authorisation, forKey: authorisation.key) == nil else { return }
    state.order.append(authorisation.key)
    guard state.byKey.count > most else { return }
    state.byKey[state.order[state.oldest]] = nil
    state.oldest += 1
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
