import Foundation
import Synchronization
import Testing

/// A pipe as a program's output, with its reading end in the test's hand.
final class TestPipe: Sendable {
  let reading: Int32
  let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    (reading, writing) = (ends[0], ends[1])
  }

  func closeReading() { close(reading) }
  func closeWriting() { close(writing) }

  /// Reads to the end on a thread of its own.
  func collect() -> Collected {
    let collected = Collected()
    Thread.detachNewThread { [reading] in
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(reading, &chunk, chunk.count)
        if count <= 0 { break }
        bytes.append(contentsOf: chunk[..<count])
      }
      close(reading)
      collected.finish(bytes)
    }
    return collected
  }

  final class Collected: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let done = DispatchSemaphore(value: 0)

    func finish(_ bytes: [UInt8]) {
      self.bytes.withLock { $0 = bytes }
      done.signal()
    }

    /// What was written, once the writing end is closed.
    func value() -> String {
      #expect(done.wait(timeout: .now() + 30) == .success)
      return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    }
  }
}

/// Runs `body` on real threads at once and waits for them all.
func hammer(threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for number in 0..<threads {
    group.enter()
    Thread.detachNewThread {
      body(number)
      group.leave()
    }
  }
  group.wait()
}
