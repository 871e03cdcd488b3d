import Crypto
import Shop
import Synchronization

/// Makes the ids of new rows, in order of time; one a loop, so its lock is never waited for.
package final class IdentifierSource: Sendable {
  private let generator = Mutex(UUIDv7.Generator())
  private let clock: any WallClock

  package init(clock: any WallClock) { self.clock = clock }

  package func next<Kind>(_ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
    let milliseconds = clock.now.milliseconds
    return generator.withLock {
      var random = SecureRandom()
      return Identifier<Kind>($0.next(milliseconds: milliseconds, using: &random))
    }
  }
}
