import Glibc
import Synchronization

/// A thread for the calls that C libraries offer only in a blocking form: name resolution, cancelling a query.
package final class BlockingThread: Sendable {
  private struct Queue {
    var bodies: [@Sendable () -> Void] = []
    var running = false
  }
  private let queue = Mutex(Queue())

  package init() {}

  /// The one that loops share: calls on it are rare and short.
  package static let shared = BlockingThread()

  /// Runs `body` off the loop and gives its value back to the caller's executor.
  package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withUnsafeContinuation { continuation in submit { continuation.resume(returning: body()) } }
  }

  /// Bodies run in order, on a thread that lives as long as there are any.
  package func submit(_ body: @escaping @Sendable () -> Void) {
    let idle = queue.withLock { queue in
      queue.bodies.append(body)
      defer { queue.running = true }
      return !queue.running
    }
    guard idle else { return }
    var id = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &id, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<BlockingThread>.fromOpaque(argument).takeRetainedValue().drain()
        return nil
      }, context)
    if code == 0 {
      pthread_detach(id)
    } else {
      // No thread to be had: late and blocking is better than never.
      Unmanaged<BlockingThread>.fromOpaque(context).release()
      drain()
    }
  }

  private func drain() {
    while true {
      let bodies = queue.withLock { queue in
        defer { queue.bodies = [] }
        if queue.bodies.isEmpty { queue.running = false }
        return queue.bodies
      }
      if bodies.isEmpty { return }
      for body in bodies { body() }
    }
  }
}
