import Postgres
import Shop

/// The bridge from failures of the stores' dependencies to what the shop refuses with.
package enum StoreFailure {
  /// Nil for what is no passing trouble: those are faults, for the log.
  package static func refusal(for error: any Error) -> Refusal? {
    guard let error = error as? PostgresError else { return nil }
    return error.constraint.flatMap { ConstraintRefusals.refusal(for: $0) } ?? error.refusal
  }

  /// What was asked for may have been done or not; whoever looks later will know.
  package static func leavesOpen(_ error: any Error) -> Bool {
    guard let error = error as? PostgresError else { return false }
    if case .commitUnknown = error { return true }
    return error.isTransient
  }
}
