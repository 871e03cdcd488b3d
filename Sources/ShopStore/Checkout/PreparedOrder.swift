import Shop

/// The order that a payment pays for, as it was decided and agreed to: whoever finishes it makes the same one.
package struct PreparedOrder: Sendable {
  let snapshot: CheckoutSnapshot
  let number: Int64
  /// When the payment was written down.
  let paymentCreatedAt: Timestamp

  /// The order at its birth, its payment authorised.
  func order(_ id: OrderID, of attempt: PaymentAttempt, at now: Timestamp) -> Order {
    Order(
      id: id, number: number, cart: attempt.cart, customer: nil, status: .confirmed, email: snapshot.email,
      lines: snapshot.lines, totals: snapshot.totals, discountCodes: snapshot.discountCodes,
      shippingAddress: snapshot.shippingAddress, billingAddress: snapshot.billingAddress, shippingMethod: snapshot.shippingMethod,
      payments: [
        Payment(
          id: attempt.payment, cart: attempt.cart, order: id, provider: attempt.provider, status: .authorized,
          amount: attempt.amount, authorized: attempt.amount.amount, createdAt: paymentCreatedAt)
      ], version: 1, createdAt: now)
  }
}
