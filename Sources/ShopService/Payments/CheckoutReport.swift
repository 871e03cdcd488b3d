import Logging
import ShopAPI
import ShopStore

/// Where the events of checkout go: into the metrics what is counted, into the log what somebody must look at.
struct CheckoutReport: Sendable {
  /// Nil in a process that nobody scrapes.
  let metrics: CheckoutMetrics?
  let logger: Logger

  func record(_ event: CheckoutEvent) {
    metrics?.record(event)
    guard case .stuck(let payment, let error) = event else { return }
    // A database that is away comes back by itself; anything else stays.
    logger.log(
      level: StoreFailure.leavesOpen(error) ? .warning : .error, "payment is stuck",
      metadata: ["payment": "\(payment)", "error": "\(error)"])
  }
}
