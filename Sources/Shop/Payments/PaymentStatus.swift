/// The life of a payment, as the API tells it.
package enum PaymentStatus: String, CaseIterable, Sendable {
  /// Written down, the provider not asked yet.
  case created
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
    case .created, .authorizing, .requiresAction, .unknown: true
    default: false
    }
  }

  /// Whether it stands in the way of another payment for the same cart.
  package var isLive: Bool { self != .failed && self != .voided }
}
