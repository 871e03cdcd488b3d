/// A scheduled body; cancelling is cheap, the heap forgets it when its time comes.
///
/// `@unchecked Sendable`: made, cancelled and fired on one loop's thread.
package final class TimerToken: @unchecked Sendable {
  fileprivate let deadline: Instant
  fileprivate var body: (() -> Void)?
  fileprivate unowned let count: CancelledCount

  fileprivate init(_ deadline: Instant, _ count: CancelledCount, _ body: @escaping () -> Void) {
    self.deadline = deadline
    self.count = count
    self.body = body
  }

  package func cancel() {
    guard body != nil else { return }
    body = nil
    count.value += 1
  }
}

fileprivate final class CancelledCount { var value = 0 }

/// A binary min-heap of timers by deadline.
struct TimerHeap {
  private var heap: [TimerToken] = []
  private let cancelled = CancelledCount()

  var nextDeadline: Instant? { heap.first?.deadline }
  var count: Int { heap.count }

  mutating func insert(_ deadline: Instant, _ body: @escaping () -> Void) -> TimerToken {
    // Deadlines of requests are nearly always cancelled: sweep before they outnumber the living.
    if cancelled.value > 64 && cancelled.value > heap.count / 2 { sweep() }
    let token = TimerToken(deadline, cancelled, body)
    heap.append(token)
    siftUp(heap.count - 1)
    return token
  }

  /// Takes out the next body that is due. One at a time: a body may itself schedule or cancel.
  mutating func nextDue(at now: Instant) -> (() -> Void)? {
    while let first = heap.first, first.deadline <= now {
      removeFirst()
      if let body = first.body {
        first.body = nil
        return body
      }
      cancelled.value -= 1
    }
    return nil
  }

  private mutating func sweep() {
    heap.removeAll { $0.body == nil }
    cancelled.value = 0
    var index = heap.count / 2
    while index > 0 {
      index -= 1
      siftDown(index)
    }
  }

  private mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    if !heap.isEmpty { siftDown(0) }
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].deadline < heap[parent].deadline else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].deadline < heap[least].deadline {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
