/// The life of an order. Payment and fulfilment are not in it: they are derived from counters.
package enum OrderStatus: String, CaseIterable, Sendable {
  /// Waits for a payment that comes by another way, such as a bank transfer.
  case pendingPayment = "pending_payment"
  /// Paid or authorised: how an order is born.
  case confirmed
  /// Something of it is being packed or sent.
  case processing
  case completed
  case cancelled
  /// The awaited payment never came.
  case expired

  /// The moves that are allowed; everything else is forbidden, in the database too.
  package var next: Set<OrderStatus> {
    switch self {
    case .pendingPayment: [.confirmed, .cancelled, .expired]
    case .confirmed: [.processing, .cancelled]
    case .processing: [.completed, .cancelled]
    case .completed, .cancelled, .expired: []
    }
  }

  package func canBecome(_ status: OrderStatus) -> Bool { next.contains(status) }
}
