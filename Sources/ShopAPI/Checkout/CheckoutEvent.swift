import HTTP
import Shop
import ShopStore

/// What happens at checkout, told to whoever counts.
package enum CheckoutEvent: Sendable {
  /// A request to complete a cart was answered.
  case answered(Answer)
  /// An order was made, by the request or by the reconciler.
  case ordered(Money)
  /// The stock did not suffice, at completing or at holding.
  case outOfStock
  /// The provider was asked to reserve money.
  case authorisation(PaymentOutcome, Duration)
  /// A payment could not be brought on, or its money not be given back; it is tried again.
  case stuck(PaymentID, any Error)

  /// How a request to complete a cart ended.
  package enum Answer: String, CaseIterable, Sendable {
    case ordered
    case declined
    /// The payment's outcome is not known yet.
    case pending
    case replayed
    case outOfStock = "out_of_stock"
    case priceChanged = "price_changed"
    /// Any other refusal: an expected answer.
    case refused
    /// A fault, or a dependency that did not answer.
    case failed

    init(_ status: Status) {
      self =
        switch status.code {
        case 201: .ordered
        case 402: .declined
        default: .pending
        }
    }

    init(_ error: any Error) {
      self =
        switch (StoreFailure.refusal(for: error) ?? error) as? Refusal {
        case .outOfStock: .outOfStock
        case .priceChanged: .priceChanged
        case .some(.overloaded), .some(.unavailable), nil: .failed
        case .some: .refused
        }
    }
  }
}
