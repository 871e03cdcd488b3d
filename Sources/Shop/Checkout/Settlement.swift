/// What a provider's answer does to a payment, its cart and its holds. Every way to an answer ends here: the call itself, the
/// reconciler, the provider's webhook, the shopper's retry.
package enum Settlement: Hashable, Sendable {
  /// The order is made, the holds are committed.
  case order(reference: String)
  /// The payment failed: holds released, cart active again.
  case release
  /// Everything stays as it is until the shopper has acted.
  case awaitShopper(Payment.NextAction, reference: String)
  /// Everything stays as it is until reconciliation knows; what the shopper has to do, too.
  case awaitProvider
  /// It was settled before; nothing is left to do.
  case nothing
  /// The money was reserved after the cart had been let go: it must be given back.
  case voidLate(reference: String)

  /// - Parameters:
  ///   - status: of the payment, under lock.
  ///   - isBeingVoided: a void is written down that the provider has not confirmed.
  package init(of outcome: PaymentOutcome, for status: PaymentStatus, isBeingVoided: Bool = false) {
    switch (outcome, status.isPending) {
    // Whether the void came before or will come after, only the provider knows: an order might lose its money. So the void ends it.
    case (.authorised, true) where isBeingVoided, (.requiresAction, true) where isBeingVoided: self = .awaitProvider
    case (.authorised(let reference), true): self = .order(reference: reference)
    case (.authorised(let reference), false): self = status.isLive ? .nothing : .voidLate(reference: reference)
    case (.declined, true): self = .release
    case (.requiresAction(let action, let reference), true): self = .awaitShopper(action, reference: reference)
    case (.unknown, true): self = .awaitProvider
    case (.declined, false), (.requiresAction, false), (.unknown, false): self = .nothing
    }
  }
}
