/// Work that the shop owes and has not done yet: what an operator watches while nobody complains yet.
package struct Backlog: Hashable, Sendable {
  /// Payments whose outcome is not known, and seconds since the first of them began.
  package let openPayments: Int
  package let oldestOpenPayment: Double
  /// Money to be given back without a provider's word that it was, and seconds since the first was asked for.
  package let openVoids: Int
  package let oldestOpenVoid: Double
  /// Holds that should have ended ten seconds ago: the worker ends them every second. Counted up to 10,000.
  package let overdueHolds: Int
  /// Seconds since the first event that a registered consumer of the outbox has not read.
  package let outboxLag: Double
}
