import Synchronization

/// Where the finished spans of one loop wait for their export. Bounded: what does not fit is dropped and counted.
package final class SpanQueue: Sendable {
  private struct State {
    var spans: [FinishedSpan] = []
    var whenFull: (@Sendable () -> Void)?
  }

  private let capacity: Int
  private let batch: Int
  private let dropped: CounterInstrument
  private let state = Mutex(State())

  /// - Parameters:
  ///   - capacity: spans that may wait; one takes about a kilobyte.
  ///   - batch: spans that are worth being sent at once.
  ///   - dropped: counts those that found no room.
  package init(capacity: Int = 2_048, batch: Int = 256, dropped: CounterInstrument) {
    self.capacity = capacity
    self.batch = batch
    self.dropped = dropped
  }

  /// Has `body` called whenever a batch is full; it must not block.
  package func whenBatchIsFull(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenFull = body } }

  func append(_ span: FinishedSpan) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      guard state.spans.count < capacity else {
        dropped.add()
        return nil
      }
      state.spans.append(span)
      return state.spans.count == batch ? state.whenFull : nil
    }
    wake?()
  }

  /// The oldest, a batch at most.
  package func take() -> [FinishedSpan] {
    state.withLock { state in
      let taken = Array(state.spans.prefix(batch))
      if taken.count == state.spans.count { state.spans = [] } else { state.spans.removeFirst(taken.count) }
      return taken
    }
  }

  package var count: Int { state.withLock { $0.spans.count } }
}
