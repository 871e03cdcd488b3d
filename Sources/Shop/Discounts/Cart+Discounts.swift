extension Cart {
  /// Decides on `POST …/discount-codes`: whether the code counts in this cart, behind those that it has. Again is no fault.
  ///
  /// - Parameters:
  ///   - found: nil when there is no such code.
  ///   - subtotals: of the lines.
  package func decideDiscount(_ found: CartDiscount?, subtotals: [Int64], now: Timestamp) throws(Refusal) -> DiscountID {
    try checkOpen(at: now)
    guard let found else { throw Self.refused(.discountUnknown, found) }
    var codes = discounts
    if !codes.contains(where: { $0.id == found.id }) {
      guard codes.count < DiscountLimits.codesPerCart else { throw Self.tooManyCodes }
      codes.append(found)
    }
    let result: Discounting.Result
    do throws(ArithmeticOverflow) {
      result = try Discounting(codes, at: now).applied(to: subtotals)
    } catch {
      throw .invalid("/code", .outOfRange, "This cart costs more than the shop can count.")
    }
    let place = codes.firstIndex { $0.id == found.id }.map { "/discount_codes/\($0)" }
    if let problem = result.problems.first(where: { $0.pointer == place }) { throw Self.refused(problem.code, found) }
    return found.id
  }

  package static let tooManyCodes = Refusal.invalid(
    "/code", .tooMany, "A cart has at most \(DiscountLimits.codesPerCart) discount codes.")

  private static func refused(_ code: Fault.Code, _ discount: CartDiscount?) -> Refusal {
    .invalid("/code", code, code.discountDetail)
  }
}

extension Fault.Code {
  /// What a shopper is told of a code that does not count.
  fileprivate var discountDetail: String {
    switch self {
    case .discountNotStarted: "This code does not hold yet."
    case .discountExpired: "This code holds no more."
    case .discountExhausted: "This code has been used as often as it may be."
    case .discountSpent: "This code is for once, and has been used with this e-mail."
    case .discountBelowMinimum: "The cart does not come to what this code asks for."
    case .discountOtherCurrency: "This code is not for the cart's currency."
    case .discountNotCombinable: "This code and those of the cart do not go together."
    default: "There is no such code."
    }
  }
}
