import Glibc
import Synchronization

extension EventLoop {
  /// Runs `body` on a loop of the calling thread until it has ended: the way into asynchronous code from a synchronous `main`.
  ///
  /// An asynchronous `main` would park the main thread in Dispatch's `sigsuspend`, with every signal unblocked, so that SIGTERM
  /// ended the process instead of reaching a `SignalSource`. `signals` are blocked before any other thread exists.
  package static func runMain<Value: Sendable>(
    blocking signals: [Int32] = [], _ body: @escaping @Sendable (EventLoop) async throws -> Value
  ) throws -> Value {
    SignalSource.block(signals)
    // OpenSSL writes its descriptor itself, without MSG_NOSIGNAL: a peer that has gone is an error, not the end.
    signal(SIGPIPE, SIG_IGN)
    let loop = try EventLoop(name: "main")
    let result = Mutex<Result<Value, any Error>?>(nil)
    Task(executorPreference: loop) {
      let outcome: Result<Value, any Error>
      do { outcome = .success(try await body(loop)) } catch { outcome = .failure(error) }
      result.withLock { $0 = outcome }
      loop.stop()
    }
    loop.run()
    // The loop ends only by the stop above.
    return try result.withLock { $0 ?? .failure(CancellationError()) }.get()
  }
}
