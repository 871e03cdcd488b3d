/// What the codes of a cart take off its lines at a moment.
package struct Discounting: Hashable, Sendable {
  /// In the order in which they apply.
  package let codes: [CartDiscount]
  package let now: Timestamp

  package init(_ codes: [CartDiscount], at now: Timestamp) {
    self.codes = codes
    self.now = now
  }

  package static let none = Discounting([], at: .earliest)

  /// A code that takes something off.
  package struct Taken: Hashable, Sendable {
    package let id: DiscountID
    package let code: DiscountCode
    /// Minor units off all lines together.
    package let amount: Int64
  }

  package struct Result: Hashable, Sendable {
    /// Minor units off each line, never more than it costs.
    package var perLine: [Int64]
    /// In the order in which they apply; those that take nothing are not in it.
    package var taken: [Taken] = []
    /// Codes that do not count now.
    package var problems: [CartProblem] = []
  }

  /// Takes the codes off one after the other, each from what the ones before it have left.
  ///
  /// A percentage is rounded half to even once, over all lines, and a fixed amount ends at nothing; either is divided over the
  /// lines by largest remainder, so that the parts add up to what the shopper was told.
  /// - Parameter subtotals: of the lines, at least 0.
  package func applied(to subtotals: [Int64]) throws(ArithmeticOverflow) -> Result {
    var result = Result(perLine: subtotals.map { _ in 0 })
    guard !codes.isEmpty else { return result }
    var subtotal: Int64 = 0
    for line in subtotals { subtotal = try Totals.sum(subtotal, line) }
    var rest = subtotals
    var counting: [CartDiscount] = []
    for (index, code) in codes.enumerated() {
      if let obstacle = code.obstacle(subtotal: subtotal, beside: counting, at: now) {
        result.problems.append(CartProblem(code: obstacle, pointer: "/discount_codes/\(index)"))
        continue
      }
      counting.append(code)
      let amount = try code.amount(off: rest.reduce(0, +))
      guard amount > 0 else { continue }
      for (line, part) in LargestRemainder.parts(of: amount, by: rest).enumerated() {
        rest[line] -= part
        result.perLine[line] += part
      }
      result.taken.append(Taken(id: code.id, code: code.code, amount: amount))
    }
    return result
  }
}

extension CartDiscount {
  /// What it takes off so much, never more than all.
  fileprivate func amount(off rest: Int64) throws(ArithmeticOverflow) -> Int64 {
    switch value {
    case .percentage(let basisPoints): try Rounding.halfEven(rest, times: basisPoints, over: 10_000)
    case .amount(let amount): min(amount, rest)
    case .elsewhere: 0
    }
  }
}
