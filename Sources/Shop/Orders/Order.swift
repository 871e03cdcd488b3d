/// What a shopper bought: an immutable snapshot of the cart, and what has happened to it since.
package struct Order: Hashable, Sendable {
  package let id: OrderID
  /// For people: 1001, 1002 …
  package let number: Int64
  package let cart: CartID
  package let customer: CustomerID?
  package let status: OrderStatus
  package let email: EmailAddress
  package let lines: [OrderLine]
  package let totals: Totals
  /// The codes that made it cheaper, in the order in which they applied.
  package let discountCodes: [DiscountCode]
  /// Nil when nothing is sent.
  package let shippingAddress: Address?
  package let billingAddress: Address?
  package let shippingMethod: ShippingMethod?
  package let payments: [Payment]
  package let version: Int64
  package let createdAt: Timestamp

  package init(
    id: OrderID, number: Int64, cart: CartID, customer: CustomerID?, status: OrderStatus, email: EmailAddress,
    lines: [OrderLine], totals: Totals, discountCodes: [DiscountCode] = [], shippingAddress: Address?, billingAddress: Address?,
    shippingMethod: ShippingMethod?,
    payments: [Payment], version: Int64, createdAt: Timestamp
  ) {
    self.id = id
    self.number = number
    self.cart = cart
    self.customer = customer
    self.status = status
    self.email = email
    self.lines = lines
    self.totals = totals
    self.discountCodes = discountCodes
    self.shippingAddress = shippingAddress
    self.billingAddress = billingAddress
    self.shippingMethod = shippingMethod
    self.payments = payments
    self.version = version
    self.createdAt = createdAt
  }

  /// A way of sending as it was called on that day.
  package struct ShippingMethod: Hashable, Sendable {
    package let id: String
    package let title: String

    package init(id: String, title: String) {
      self.id = id
      self.title = title
    }
  }

  package var paymentStatus: OrderPaymentStatus { OrderPaymentStatus(of: payments, total: totals.total) }
  package var fulfilmentStatus: FulfilmentStatus { FulfilmentStatus(of: lines) }
}
