/// A share in millionths: 8.875 % is 88,750.
package struct TaxRate: Hashable, Sendable {
  package let partsPerMillion: Int64

  /// Refuses (nil) what is not from 0 to 100 %.
  package init?(partsPerMillion: Int64) {
    guard (0...1_000_000).contains(partsPerMillion) else { return nil }
    self.partsPerMillion = partsPerMillion
  }

  private init(known partsPerMillion: Int64) { self.partsPerMillion = partsPerMillion }

  package static let zero = TaxRate(known: 0)

  /// The tax on top of an amount without it, rounded half to even.
  package func onTop(of net: Int64) throws(ArithmeticOverflow) -> Int64 {
    try Rounding.halfEven(net, times: partsPerMillion, over: 1_000_000)
  }

  /// The tax that an amount contains, rounded half to even.
  package func within(_ gross: Int64) throws(ArithmeticOverflow) -> Int64 {
    try Rounding.halfEven(gross, times: partsPerMillion, over: 1_000_000 + partsPerMillion)
  }
}
