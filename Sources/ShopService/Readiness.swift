import Synchronization

/// Whether this process should get traffic: it has started, and is not on its way out.
///
/// A shared dependency that fails later does not make it unready: all processes would leave at once, and the shop with them.
final class Readiness: Sendable {
  private let started = Atomic<Bool>(false)
  private let draining = Atomic<Bool>(false)

  func didStart() { started.store(true, ordering: .releasing) }
  func willDrain() { draining.store(true, ordering: .releasing) }

  var hasStarted: Bool { started.load(ordering: .acquiring) }
  var isDraining: Bool { draining.load(ordering: .acquiring) }
  var isReady: Bool { hasStarted && !isDraining }
}
