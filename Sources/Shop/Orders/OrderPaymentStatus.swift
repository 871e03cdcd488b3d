/// How far an order is paid; derived from its payments' counters, stored nowhere.
package enum OrderPaymentStatus: String, CaseIterable, Sendable {
  case pending
  case authorized
  case partiallyCaptured = "partially_captured"
  case captured
  case partiallyRefunded = "partially_refunded"
  case refunded
  case voided

  /// - Parameter total: minor units of the order.
  package init(of payments: [Payment], total: Int64) {
    let captured = payments.reduce(0) { $0 + $1.captured }
    let refunded = payments.reduce(0) { $0 + $1.refunded }
    let authorized = payments.reduce(0) { $0 + $1.authorized }
    let voided = payments.reduce(0) { $0 + $1.voided }
    if refunded > 0 {
      self = refunded >= captured ? .refunded : .partiallyRefunded
    } else if captured > 0 {
      self = captured >= total ? .captured : .partiallyCaptured
    } else if voided > 0, voided >= authorized {
      self = .voided
    } else if authorized > 0 {
      self = .authorized
    } else {
      // An order that costs nothing is paid from the start.
      self = total == 0 ? .captured : .pending
    }
  }
}
