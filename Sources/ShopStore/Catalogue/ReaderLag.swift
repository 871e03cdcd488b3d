import Postgres
import Reactor
import Synchronization

/// How far this region's reader is behind the writer, by the heartbeat that the workers write there (migration 0012).
///
/// Shared by the loops: one looks, all ask atomics.
package final class ReaderLag: Sendable {
  /// Older than this, a reader's answers are not given while the writer answers.
  package let limit: Duration
  /// Beats carry the writer's clock and are looked at by the reader's: how far these may differ.
  static let clockTolerance = Duration.seconds(1)
  /// How old a reader's answers may be while the writer does not answer: as old as a kept answer may be then.
  static let lastResortLimit = Duration.seconds(60)

  /// Nanoseconds of the monotonic clock: what was committed before is in the reader. Zero: unknown.
  private let reflects = Atomic<UInt64>(0)
  /// It answered when it was last asked.
  private let isThere = Atomic<Bool>(false)

  package init(limit: Duration) { self.limit = limit }

  /// Asks the reader's database.
  package func look(_ reader: DoorStore, deadline: Deadline) async throws {
    let asked = Instant.measured()
    do {
      guard let age = try await reader.beatAge(deadline: deadline) else { return isThere.store(false, ordering: .releasing) }
      note(age: .milliseconds(age), at: asked)
    } catch {
      lost()
      throw error
    }
  }

  func note(age: Duration, at asked: Instant) {
    reflects.store(asked.earlier(by: age).nanoseconds, ordering: .releasing)
    isThere.store(true, ordering: .releasing)
  }

  /// It did not answer: nobody asks it until it answers the next look.
  func lost() { isThere.store(false, ordering: .releasing) }

  /// How old its answers may be; nil while it is away.
  package var age: Duration? {
    let reflects = reflects.load(ordering: .acquiring)
    guard reflects > 0, isThere.load(ordering: .acquiring) else { return nil }
    return .measured() - Instant(nanoseconds: reflects)
  }

  /// Whether it is recent, and has what was changed until `change`.
  func isFit(after change: Instant) -> Bool {
    guard let age, age <= limit else { return false }
    return Instant(nanoseconds: reflects.load(ordering: .acquiring)) > change + Self.clockTolerance
  }

  var isFitAsLastResort: Bool {
    let reflects = reflects.load(ordering: .acquiring)
    return reflects > 0 && Instant.measured() - Instant(nanoseconds: reflects) <= Self.lastResortLimit
  }
}
