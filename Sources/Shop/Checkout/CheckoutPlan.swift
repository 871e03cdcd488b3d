/// What completing a cart writes before the provider is asked.
package struct CheckoutPlan: Hashable, Sendable {
  package let email: EmailAddress
  package let priced: PricedCart
  /// Nil when nothing is sent.
  package let shipping: ShippingOption?
  /// Holds to make as `paying`, in place of those that the cart has.
  package let allocation: Allocation

  /// What the shopper pays.
  package var total: Money { priced.totals.money }

  /// A cart that costs nothing is ordered without asking a provider.
  package var needsPayment: Bool { total.amount > 0 }
}
