/// One row of the shipping table: what a method costs to a country up to a weight.
package struct ShippingRate: Hashable, Sendable {
  /// The id of the method: `standard`.
  package let method: String
  package let title: String
  /// The heaviest parcel at this price, in grams; nil has no limit.
  package let heaviest: Int64?
  /// Minor units of the cart's currency.
  package let amount: Int64

  package init(method: String, title: String, heaviest: Int64?, amount: Int64) {
    self.method = method
    self.title = title
    self.heaviest = heaviest
    self.amount = amount
  }
}

/// A way in which a cart can be sent, with its price.
package struct ShippingOption: Hashable, Sendable {
  package let id: String
  package let title: String
  package let price: Money

  package init(id: String, title: String, price: Money) {
    self.id = id
    self.title = title
    self.price = price
  }

  /// The methods that take these lines, cheapest first: of each method the narrowest weight band that fits.
  ///
  /// - Parameter rates: of the destination and the currency only. A variant without a weight counts nothing.
  package static func all(for lines: [OfferedLine], rates: [ShippingRate], currency: Currency) -> [ShippingOption] {
    let weight = lines.reduce(Int64(0)) { sum, line in
      guard let offer = line.offer, offer.requiresShipping else { return sum }
      return sum + (offer.weightGrams ?? 0) * line.line.quantity
    }
    var best: [String: ShippingRate] = [:]
    for rate in rates where weight <= rate.heaviest ?? .max {
      if let other = best[rate.method], other.heaviest ?? .max <= rate.heaviest ?? .max { continue }
      best[rate.method] = rate
    }
    return best.values.sorted { ($0.amount, $0.method) < ($1.amount, $1.method) }
      .map { ShippingOption(id: $0.method, title: $0.title, price: Money($0.amount, currency)) }
  }
}
