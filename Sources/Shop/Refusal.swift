/// Every reason for which the shop does not do what it was asked to.
///
/// A refusal is an expected answer, not a failure: nothing has changed when it is given. `code` is what programs rely on; what
/// it becomes on the wire is decided in one place of the API.
package enum Refusal: Error, Hashable, Sendable {
  // What was sent cannot be understood or accepted.

  /// The request's form: query parameters, cursors, keys, JSON itself.
  case malformed(Malformed, detail: String)
  /// A well-formed body with faults in it, all of them.
  case invalid([Fault])
  /// No credential, or one that nothing knows.
  case unauthenticated
  /// Known, but not allowed to do this.
  case forbidden
  /// Unknown, malformed or foreign id: all the same to whoever asks.
  case notFound

  // The state of the shop is against it.

  case outOfStock([Shortage])
  /// The total is no longer the one that the shopper saw.
  case priceChanged(current: Money)
  /// The cart takes no more changes; `order` is what it became, nil when it expired or was thrown away.
  case cartClosed(order: OrderID?)
  /// A payment for this cart is under way.
  case checkoutInProgress(retryAfter: Int)
  case cartEmpty
  /// What a cart must still be told before it can be completed.
  case cartIncomplete([CartRequirement])
  /// Lines that can no longer be bought, as pointers into the cart.
  case notSellable([Fault])
  /// A rival has used up a discount code at the same moment.
  case discountUnavailable
  case paymentDeclined
  /// Nil where only the database knows which.
  case skuTaken(SKU?)
  case handleTaken(Handle?)
  case discountCodeTaken
  /// The adjustment would leave less than what is reserved.
  case stockReserved(reserved: Int64)
  /// The stock is not what the adjustment expected.
  case stockChanged(onHand: Int64)
  /// The order has gone too far to be cancelled.
  case orderNotCancellable(OrderStatus)
  /// Something that others refer to, such as a category with products in it.
  case inUse(detail: String)

  // Preconditions and retries.

  /// `If-Match` names another version than the present one.
  case stale(current: Int64)
  /// `If-Match` is missing where it must be sent.
  case preconditionRequired
  /// The key was used for another request.
  case idempotencyMismatch
  /// The first request with this key is still running.
  case idempotencyInProgress(retryAfter: Int)

  // Not now. `retryAfter` is in seconds.

  case rateLimited(retryAfter: Int)
  /// The shop sheds load to keep what it has admitted fast.
  case overloaded(retryAfter: Int)
  /// Something that the command needs does not answer.
  case unavailable(retryAfter: Int)

  /// What is wrong with the form of a request.
  package enum Malformed: String, CaseIterable, Sendable {
    case invalidJSON = "invalid_json"
    case unknownParameter = "unknown_parameter"
    case invalidParameter = "invalid_parameter"
    case invalidCursor = "invalid_cursor"
    case invalidHeader = "invalid_header"
    case missingIdempotencyKey = "missing_idempotency_key"
    case invalidIdempotencyKey = "invalid_idempotency_key"
    case weakIdempotencyKey = "weak_idempotency_key"
  }

  /// One line that cannot be served from stock.
  package struct Shortage: Hashable, Sendable {
    /// Position in the cart, for a pointer `/lines/N`.
    package let line: Int
    package let variant: VariantID
    package let requested: Int64
    package let available: Int64

    package init(line: Int, variant: VariantID, requested: Int64, available: Int64) {
      self.line = line
      self.variant = variant
      self.requested = requested
      self.available = available
    }
  }
}

extension Refusal {
  /// Stable for ever; the last part of the problem's type.
  package var code: String {
    switch self {
    case .malformed(let what, _): what.rawValue
    case .invalid: "invalid"
    case .unauthenticated: "unauthenticated"
    case .forbidden: "forbidden"
    case .notFound: "not_found"
    case .outOfStock: "out_of_stock"
    case .priceChanged: "price_changed"
    case .cartClosed: "cart_closed"
    case .checkoutInProgress: "checkout_in_progress"
    case .cartEmpty: "cart_empty"
    case .cartIncomplete: "cart_incomplete"
    case .notSellable: "not_sellable"
    case .discountUnavailable: "discount_unavailable"
    case .paymentDeclined: "payment_declined"
    case .skuTaken: "sku_taken"
    case .handleTaken: "handle_taken"
    case .discountCodeTaken: "discount_code_taken"
    case .stockReserved: "stock_reserved"
    case .stockChanged: "stock_changed"
    case .orderNotCancellable: "order_not_cancellable"
    case .inUse: "in_use"
    case .stale: "stale"
    case .preconditionRequired: "precondition_required"
    case .idempotencyMismatch: "idempotency_mismatch"
    case .idempotencyInProgress: "idempotency_in_progress"
    case .rateLimited: "rate_limited"
    case .overloaded: "overloaded"
    case .unavailable: "unavailable"
    }
  }

  /// One place is wrong.
  package static func invalid(_ pointer: String, _ code: Fault.Code, _ detail: String) -> Refusal {
    .invalid([Fault(pointer, code, detail)])
  }

  /// An id in the body that names nothing.
  package static func unknownReference(_ pointer: String) -> Refusal {
    .invalid(pointer, .unknownReference, "Nothing has this id.")
  }
}
