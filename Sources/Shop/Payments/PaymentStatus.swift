/// The life of a payment, as the API tells it.
package enum PaymentStatus: String, CaseIterable, Sendable {
  /// Written down; the provider is being asked.
  case authorizing
  /// The shopper must do something at the provider first.
  case requiresAction = "requires_action"
  /// The provider was asked and its answer never came; reconciliation will find out.
  case unknown
  case authorized
  case partiallyCaptured = "partially_captured"
  case captured
  case partiallyRefunded = "partially_refunded"
  case refunded
  case voided
  case failed

  /// Whether the authorisation has not been decided yet.
  package var isPending: Bool {
    switch self {
    case .authorizing, .requiresAction, .unknown: true
    default: false
    }
  }

  /// What the API tells of a payment whose stored state is `self`: once authorised, the counters say how far it has come.
  package func told(captured: Int64, refunded: Int64, amount: Int64) -> PaymentStatus {
    guard self == .authorized else { return self }
    if refunded > 0 { return refunded >= captured ? .refunded : .partiallyRefunded }
    if captured > 0 { return captured >= amount ? .captured : .partiallyCaptured }
    return self
  }

  /// Whether it stands in the way of another payment for the same cart.
  package var isLive: Bool { self != .failed && self != .voided }
}
