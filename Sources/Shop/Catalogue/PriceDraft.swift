/// A price as it was sent, nothing checked.
package struct PriceDraft: Hashable, Sendable {
  package var amount: Int64?
  package var currency: String?
  package var compareAtAmount: Int64?

  package init(amount: Int64? = nil, currency: String? = nil, compareAtAmount: Int64? = nil) {
    self.amount = amount
    self.currency = currency
    self.compareAtAmount = compareAtAmount
  }

  /// The prices of one variant: one a currency, in order of currency.
  package static func checked(_ drafts: [PriceDraft], at pointer: String, _ faults: inout Faults) -> [Price] {
    var prices: [Price] = []
    for (index, draft) in drafts.enumerated() {
      guard let price = draft.checked(at: "\(pointer)/\(index)", &faults) else { continue }
      if prices.contains(where: { $0.currency == price.currency }) {
        faults.add("\(pointer)/\(index)/currency", .duplicate, "There is another price in \(price.currency).")
      }
      prices.append(price)
    }
    return prices.sorted { $0.currency < $1.currency }
  }

  /// As the list form, refusing at once: what `PUT …/prices` sends.
  package static func checked(_ drafts: [PriceDraft], at pointer: String = "/prices") throws(Refusal) -> [Price] {
    var faults = Faults()
    let prices = checked(drafts, at: pointer, &faults)
    try faults.check()
    return prices
  }

  private func checked(at pointer: String, _ faults: inout Faults) -> Price? {
    let known = currency.flatMap { Currency($0) }
    if currency == nil {
      faults.add(pointer + "/currency", .required, "A currency is needed.")
    } else if known == nil {
      faults.add(pointer + "/currency", .notAllowed, "Not an active currency code of ISO 4217.")
    }
    guard let amount else {
      faults.add(pointer + "/amount", .required, "An amount in minor units is needed.")
      return nil
    }
    guard (0...Money.highestPrice).contains(amount) else {
      faults.add(pointer + "/amount", .outOfRange, "From 0 to \(Money.highestPrice) minor units.")
      return nil
    }
    if let compareAtAmount, !(amount + 1...Money.highestPrice + 1).contains(compareAtAmount) {
      faults.add(pointer + "/compare_at_amount", .outOfRange, "It must be above the amount.")
      return nil
    }
    return known.map { Price(amount: amount, currency: $0, compareAtAmount: compareAtAmount) }
  }
}
