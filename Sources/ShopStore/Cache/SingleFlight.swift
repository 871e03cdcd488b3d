import Synchronization

/// One rebuild of a key at a time in the whole process: who comes meanwhile, on any loop, gets the same result.
///
/// Shared by the loops; a lock guards a 32nd of the keys for as long as a dictionary access takes. Those who wait are resumed by
/// their own executor, so nobody's work moves to another loop.
package final class SingleFlight<Value: Sendable>: Sendable {
  private typealias Waiter = UnsafeContinuation<Result<Value, any Error>?, Never>

  private final class Stripe: Sendable {
    let waiters = Mutex<[String: [Waiter]]>([:])
  }
  private let stripes = (0..<32).map { _ in Stripe() }

  package init() {}

  /// Runs `load` unless it is being run for `key` already; `joined` tells who only waited. A failure is everyone's.
  package func run(
    _ key: String, _ load: () async throws -> Value
  ) async throws -> (value: Value, joined: Bool) {
    let stripe = stripes[Int(UInt(bitPattern: key.hashValue) % UInt(stripes.count))]
    while true {
      let leads = stripe.waiters.withLock { waiters in
        guard waiters[key] == nil else { return false }
        waiters[key] = []
        return true
      }
      if leads {
        let result: Result<Value, any Error>
        do { result = .success(try await load()) } catch { result = .failure(error) }
        let waiting = stripe.waiters.withLock { $0.removeValue(forKey: key) } ?? []
        for waiter in waiting { waiter.resume(returning: result) }
        return (try result.get(), false)
      }
      let result: Result<Value, any Error>? = await withUnsafeContinuation { waiter in
        let isOver = stripe.waiters.withLock { waiters in
          guard waiters[key] != nil else { return true }
          waiters[key]?.append(waiter)
          return false
        }
        if isOver { waiter.resume(returning: nil) }
      }
      if let result { return (try result.get(), true) }
    }
  }

  /// Rebuilds under way.
  package var count: Int { stripes.reduce(0) { $0 + $1.waiters.withLock { $0.count } } }
}
