/// What a provider's answer does to a payment, its cart and its holds. Every way to an answer ends here: the call itself, the
/// reconciler, the provider's webhook, the shopper's retry.
package enum Settlement: Hashable, Sendable {
  /// The order is made, the holds are committed.
  case order(reference: String)
  /// The payment failed: holds released, cart active again.
  case release
  /// Everything stays as it is until the shopper has acted.
  case awaitShopper(Payment.NextAction, reference: String)
  /// Everything stays as it is until reconciliation knows.
  case awaitProvider
  /// It was settled before; nothing is left to do.
  case nothing
  /// The money was reserved after the cart had been let go: it must be given back.
  case voidLate(reference: String)

  /// - Parameter status: of the payment, under lock.
  package init(of outcome: PaymentOutcome, for status: PaymentStatus) {
    switch (outcome, status.isPending) {
    case (.authorised(let reference), true): self = .order(reference: reference)
    case (.authorised(let reference), false): self = status.isLive ? .nothing : .voidLate(reference: reference)
    case (.declined, true): self = .release
    case (.requiresAction(let action, let reference), true): self = .awaitShopper(action, reference: reference)
    case (.unknown, true): self = .awaitProvider
    case (.declined, false), (.requiresAction, false), (.unknown, false): self = .nothing
    }
  }
}
