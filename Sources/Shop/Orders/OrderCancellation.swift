/// What cancelling an order does.
package struct OrderCancellation: Hashable, Sendable {
  /// How many of each line are cancelled; lines with nothing open are not in it.
  package let quantities: [Quantity]
  /// Payments whose reserved money is given back.
  package let voids: [PaymentID]

  /// The reason that is given, or nil.
  package static func checkedReason(_ text: String?) throws(Refusal) -> String? {
    var faults = Faults()
    let reason = TextRule.cancellationReason.optional(text, at: "/reason", &faults)
    try faults.check()
    return reason
  }

  package struct Quantity: Hashable, Sendable {
    package let line: LineID
    package let quantity: Int64
  }

  /// Cancels the whole order, or refuses: `order_not_cancellable` once it is over, something of it has been sent, or money has
  /// been captured, since that takes a refund.
  package static func decide(_ order: Order) throws(Refusal) -> OrderCancellation {
    guard order.status.canBecome(.cancelled), order.lines.allSatisfy({ $0.fulfilled == 0 }),
      order.payments.allSatisfy({ $0.captured == 0 })
    else { throw .orderNotCancellable(order.status) }
    return OrderCancellation(
      quantities: order.lines.filter { $0.open > 0 }.map { Quantity(line: $0.id, quantity: $0.open) },
      voids: order.payments.filter { $0.authorized > $0.voided }.map(\.id))
  }
}
