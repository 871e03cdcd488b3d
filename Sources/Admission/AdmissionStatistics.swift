import Synchronization

/// Counts of one loop's admission; read by whoever exports them.
package final class AdmissionStatistics: Sendable {
  /// Why somebody was turned away.
  package enum Reason: Int, CaseIterable, Sendable {
    /// All places were taken, and had been for too long: at once.
    case overload
    /// All places were taken, and the line as long as the limit: at once.
    case line
    /// No place became free in time.
    case wait

    package var name: String { "\(self)" }
  }

  /// A class, since arrays hold no atomics.
  private final class Count: Sendable { let value = Atomic<Int>(0) }

  private let admittedCounts = Priority.allCases.map { _ in Count() }
  private let refusedCounts = Priority.allCases.map { _ in Reason.allCases.map { _ in Count() } }
  package let limit = Atomic<Int>(0)
  /// Requests that are being worked on.
  package let underWay = Atomic<Int>(0)
  package let waiting = Atomic<Int>(0)

  package func admitted(_ priority: Priority) -> Int { admittedCounts[priority.rawValue].value.load(ordering: .relaxed) }

  package func refused(_ priority: Priority, _ reason: Reason) -> Int {
    refusedCounts[priority.rawValue][reason.rawValue].value.load(ordering: .relaxed)
  }

  func countAdmitted(_ priority: Priority) { admittedCounts[priority.rawValue].value.add(1, ordering: .relaxed) }

  func countRefused(_ priority: Priority, _ reason: Reason) {
    refusedCounts[priority.rawValue][reason.rawValue].value.add(1, ordering: .relaxed)
  }
}
