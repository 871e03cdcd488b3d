/// Something that stands between a cart and its order, shown before the shopper runs into it.
package struct CartProblem: Hashable, Sendable {
  /// `out_of_stock`, `not_sellable` or `not_priced` of a line, or why a discount code does not count.
  package let code: Fault.Code
  /// Into the cart: `/lines/0`, `/discount_codes/0`.
  package let pointer: String
  /// How many could be ordered; only with `out_of_stock`.
  package let available: Int64?

  package init(code: Fault.Code, pointer: String, available: Int64? = nil) {
    self.code = code
    self.pointer = pointer
    self.available = available
  }

  /// Every problem of these lines, in their order. Stock counts only where `available` was asked.
  package static func all(in lines: [OfferedLine]) -> [CartProblem] {
    lines.enumerated().compactMap { index, offered in
      let pointer = "/lines/\(index)"
      guard let offer = offered.offer, offer.isSellable else { return CartProblem(code: .notSellable, pointer: pointer) }
      guard offer.unitAmount != nil else { return CartProblem(code: .notPriced, pointer: pointer) }
      guard let available = offered.available, available < offered.line.quantity else { return nil }
      return CartProblem(code: .outOfStock, pointer: pointer, available: max(available, 0))
    }
  }
}
