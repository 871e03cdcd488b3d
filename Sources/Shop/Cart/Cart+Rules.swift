extension Cart {
  /// Refuses unless the cart takes changes at this moment.
  package func checkOpen(at now: Timestamp) throws(Refusal) {
    switch status {
    case .active:
      guard expiresAt > now else { throw .cartClosed(order: nil) }
    case .completing:
      throw .checkoutInProgress(retryAfter: 2)
    case .ordered, .merged, .expired:
      throw .cartClosed(order: order)
    }
  }

  /// What adding a variant does: the same variant adds up in its line.
  package enum Addition: Hashable, Sendable {
    case newLine(quantity: Int64)
    case existing(LineID, quantity: Int64)
  }

  /// Decides on `POST …/lines`; stock is no matter here, since a cart reserves nothing.
  ///
  /// - Parameter offer: nil when the variant is unknown.
  package func decideAddition(
    of variant: VariantID, quantity: Int64, offer: Offer?, now: Timestamp
  ) throws(Refusal) -> Addition {
    guard CartLimits.quantity.contains(quantity) else { throw Self.quantityOutOfRange }
    try checkOpen(at: now)
    guard let offer else { throw .unknownReference("/variant_id") }
    guard offer.isSellable else { throw .invalid("/variant_id", .notSellable, "This variant is not for sale now.") }
    guard offer.unitAmount != nil else {
      throw .invalid("/variant_id", .notPriced, "This variant has no price in \(currency).")
    }
    if let line = lines.first(where: { $0.variant == variant }) {
      let sum = line.quantity + quantity
      guard CartLimits.quantity.contains(sum) else { throw Self.quantityOutOfRange }
      return .existing(line.id, quantity: sum)
    }
    guard lines.count < CartLimits.lines else {
      throw .invalid("/variant_id", .tooMany, "A cart has at most \(CartLimits.lines) lines.")
    }
    return .newLine(quantity: quantity)
  }

  /// What changing a line's quantity does.
  package enum LineChange: Hashable, Sendable {
    case remove
    case set(quantity: Int64)
  }

  /// Decides on `PATCH …/lines/{id}`: 0 removes.
  package func decideChange(of line: LineID, quantity: Int64, now: Timestamp) throws(Refusal) -> LineChange {
    guard quantity == 0 || CartLimits.quantity.contains(quantity) else { throw Self.quantityOutOfRange }
    try checkOpen(at: now)
    guard lines.contains(where: { $0.id == line }) else { throw .notFound }
    return quantity == 0 ? .remove : .set(quantity: quantity)
  }

  private static let quantityOutOfRange = Refusal.invalid(
    "/quantity", .outOfRange, "From \(CartLimits.quantity.lowerBound) to \(CartLimits.quantity.upperBound).")

  /// What is missing before it can be completed. Nothing to send needs no address and no method.
  package func requirements(ships: Bool) -> [CartRequirement] {
    var missing: [CartRequirement] = []
    if email == nil { missing.append(.email) }
    if ships, shippingAddress == nil { missing.append(.shippingAddress) }
    if ships, shippingMethod == nil { missing.append(.shippingMethod) }
    return missing
  }
}
