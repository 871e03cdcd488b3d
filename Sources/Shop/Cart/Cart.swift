/// What a shopper means to buy.
package struct Cart: Hashable, Sendable {
  package let id: CartID
  package let status: CartStatus
  package let currency: Currency
  /// Where it is taxed and sent to while there is no address.
  package let country: Country?
  package let email: EmailAddress?
  package let customer: CustomerID?
  package let shippingAddress: Address?
  package let billingAddress: Address?
  /// The id of a `ShippingOption`.
  package let shippingMethod: String?
  /// In the order in which they were added.
  package let lines: [CartLine]
  /// The codes that the shopper has given, in the order in which they apply.
  package let discounts: [CartDiscount]
  /// What it became.
  package let order: OrderID?
  package let version: Int64
  package let expiresAt: Timestamp
  package let createdAt: Timestamp
  package let updatedAt: Timestamp

  package init(
    id: CartID, status: CartStatus, currency: Currency, country: Country?, email: EmailAddress?, customer: CustomerID?,
    shippingAddress: Address?, billingAddress: Address?, shippingMethod: String?, lines: [CartLine],
    discounts: [CartDiscount] = [], order: OrderID?,
    version: Int64, expiresAt: Timestamp, createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.id = id
    self.status = status
    self.currency = currency
    self.country = country
    self.email = email
    self.customer = customer
    self.shippingAddress = shippingAddress
    self.billingAddress = billingAddress
    self.shippingMethod = shippingMethod
    self.lines = lines
    self.discounts = discounts
    self.order = order
    self.version = version
    self.expiresAt = expiresAt
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// The country that decides tax and shipping: the address's, or what was said when the cart was made.
  package var destination: Country? { shippingAddress?.country ?? country }
}
