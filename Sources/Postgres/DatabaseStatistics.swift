import Synchronization

/// Counts of one database's work, readable from any thread: metrics export them, tests count trips by them.
package final class DatabaseStatistics: Sendable {
  let statementCount = Atomic<Int>(0)
  let tripCount = Atomic<Int>(0)
  let errorCount = Atomic<Int>(0)
  let timeoutCount = Atomic<Int>(0)
  let connectCount = Atomic<Int>(0)
  let connectFailureCount = Atomic<Int>(0)
  let lostCount = Atomic<Int>(0)
  let retryCount = Atomic<Int>(0)
  let exhaustedCount = Atomic<Int>(0)
  let groupCount = Atomic<Int>(0)
  let groupedCount = Atomic<Int>(0)
  let ungroupedCount = Atomic<Int>(0)
  let groupWaitingCount = Atomic<Int>(0)
  let pointOpenCount = Atomic<Int>(0)
  let workOpenCount = Atomic<Int>(0)
  let workBusyCount = Atomic<Int>(0)
  let workWaitingCount = Atomic<Int>(0)

  package init() {}

  /// Statements sent, without BEGIN, COMMIT and ROLLBACK.
  package var statements: Int { statementCount.load(ordering: .relaxed) }
  /// Round trips: units sent, each ended by a sync.
  package var trips: Int { tripCount.load(ordering: .relaxed) }
  /// Units that the server refused or that were lost.
  package var errors: Int { errorCount.load(ordering: .relaxed) }
  /// Units whose deadline passed.
  package var timeouts: Int { timeoutCount.load(ordering: .relaxed) }
  package var connects: Int { connectCount.load(ordering: .relaxed) }
  package var connectFailures: Int { connectFailureCount.load(ordering: .relaxed) }
  /// Connections that ended other than by `close`.
  package var lost: Int { lostCount.load(ordering: .relaxed) }
  /// Transactions begun anew after a serialization failure, a deadlock or a lost connection.
  package var retries: Int { retryCount.load(ordering: .relaxed) }
  /// Callers turned away because no exclusive connection became free.
  package var exhausted: Int { exhaustedCount.load(ordering: .relaxed) }
  /// Transactions done together, and how many they were.
  package var groups: Int { groupCount.load(ordering: .relaxed) }
  package var grouped: Int { groupedCount.load(ordering: .relaxed) }
  /// Transactions done alone in the end: their group was refused, or did not come soon.
  package var ungrouped: Int { ungroupedCount.load(ordering: .relaxed) }

  // Gauges.
  package var pointOpen: Int { pointOpenCount.load(ordering: .relaxed) }
  package var workOpen: Int { workOpenCount.load(ordering: .relaxed) }
  package var workBusy: Int { workBusyCount.load(ordering: .relaxed) }
  package var workWaiting: Int { workWaitingCount.load(ordering: .relaxed) }
  package var groupWaiting: Int { groupWaitingCount.load(ordering: .relaxed) }
}

extension Atomic where Value == Int {
  borrowing func increment(by amount: Int = 1) { add(amount, ordering: .relaxed) }
  borrowing func decrement() { subtract(1, ordering: .relaxed) }
}
