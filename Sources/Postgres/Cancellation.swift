import Synchronization

/// The end of a request to cancel: that it was delivered, or that nothing depends on it any more.
///
/// `@unchecked Sendable`: the continuation is touched on the lane's loop only; the flag is what the cancelling thread reads.
final class Cancellation: @unchecked Sendable {
  private let finished = Atomic<Bool>(false)
  private var waiter: UnsafeContinuation<Void, Never>?

  var isFinished: Bool { finished.load(ordering: .acquiring) }

  func finish() {
    finished.store(true, ordering: .releasing)
    waiter?.resume()
    waiter = nil
  }

  func untilFinished() async {
    guard !isFinished else { return }
    await withUnsafeContinuation { waiter = $0 }
  }
}
