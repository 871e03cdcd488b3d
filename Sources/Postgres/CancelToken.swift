import CLibPQ
import Reactor

/// Asks the server to stop what a session does, over a connection of its own.
///
/// `@unchecked Sendable`: a PGcancel is a constant that PQcancel may use from any thread.
final class CancelToken: @unchecked Sendable {
  private let pointer: OpaquePointer

  init?(_ connection: OpaquePointer) {
    guard let pointer = PQgetCancel(connection) else { return nil }
    self.pointer = pointer
  }

  deinit { PQfreeCancel(pointer) }

  /// Apart from the thread that resolves names: with libpq 15 it blocks while the server does not answer.
  private static let thread = BlockingThread()

  /// Returns when the server has taken the request, which may come too late to have an effect. One whose turn comes when it is
  /// not wanted any more is not sent: while a server does not answer, those behind it wait for minutes.
  func cancel(unless cancellation: Cancellation) async {
    await Self.thread.run { [self] in
      guard !cancellation.isFinished else { return }
      var complaint = [CChar](repeating: 0, count: 256)
      _ = PQcancel(pointer, &complaint, 256)
    }
  }
}
