import Glibc
import Synchronization

/// Takes finished log lines and writes them to a descriptor from a thread of its own, so that no request ever waits for a log.
///
/// The buffer is bounded: lines beyond it are dropped and counted. Lines are gathered for a few milliseconds and written in one
/// call; whoever appends never makes a system call, but for the one that wakes an idle writer.
package final class LogSink: Sendable {
  private struct Buffer {
    var bytes: [UInt8] = []
    var isWriting = false
    var isClosed = false
    var writerSleeps = true
  }

  private let descriptor: Int32
  private let capacity: Int
  private let buffer = Mutex(Buffer())
  private let dropped = Atomic<Int>(0)
  private let wakeup: Int32

  /// - Parameters:
  ///   - descriptor: is not closed; may be a pipe that nobody reads.
  ///   - capacity: bytes that may wait.
  package init(descriptor: Int32 = STDOUT_FILENO, capacity: Int = 4 * 1_024 * 1_024) {
    self.descriptor = descriptor
    self.capacity = capacity
    var ends: [Int32] = [-1, -1]
    // Without a pipe the writer wakes by the clock alone.
    wakeup = pipe(&ends) == 0 ? ends[1] : -1
    let read = ends[0]
    if wakeup >= 0 { _ = fcntl(wakeup, F_SETFL, O_NONBLOCK) }
    start(read)
  }

  /// Lines that were dropped since the buffer was full.
  package var droppedLines: Int { dropped.load(ordering: .relaxed) }

  /// Shows `droppedLines`.
  package func register(in registry: MetricsRegistry) {
    registry.counter("shop_log_dropped_lines_total", "Log lines dropped since the buffer was full.") { [self] in
      Double(droppedLines)
    }
  }

  /// Appends one line, its line feed included.
  package func append(_ line: [UInt8]) {
    let wakes = buffer.withLock { buffer -> Bool in
      guard !buffer.isClosed, buffer.bytes.count + line.count <= capacity else {
        dropped.add(1, ordering: .relaxed)
        return false
      }
      buffer.bytes.append(contentsOf: line)
      defer { buffer.writerSleeps = false }
      return buffer.writerSleeps
    }
    if wakes {
      var byte: UInt8 = 1
      _ = write(wakeup, &byte, 1)
    }
  }

  /// Waits until all lines are written, but not longer than `milliseconds`.
  package func flush(milliseconds: Int = 1_000) {
    for _ in 0..<max(1, milliseconds) {
      if buffer.withLock({ $0.bytes.isEmpty && !$0.isWriting }) { return }
      usleep(1_000)
    }
  }

  private func start(_ read: Int32) {
    var thread = pthread_t()
    // The thread lives as long as the process: it holds the sink for ever.
    let context = Unmanaged.passRetained(Writer(sink: self, wakeup: read)).toOpaque()
    // Signals are for the program's own handling; and a SIGPIPE blocked here is no more than the EPIPE that write(2) answers.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Writer>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, context)
    if code == 0 { pthread_detach(thread) }
  }

  private final class Writer {
    private let sink: LogSink
    private let wakeup: Int32

    init(sink: LogSink, wakeup: Int32) {
      self.sink = sink
      self.wakeup = wakeup
    }

    func run() {
      var bytes: [UInt8] = []
      while true {
        // Both buffers keep what they have grown to, so that no caller allocates under the lock again and again; but a burst's
        // memory goes back.
        if bytes.capacity > 256 * 1_024 { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
        sink.buffer.withLock { buffer in
          swap(&buffer.bytes, &bytes)
          buffer.isWriting = !bytes.isEmpty
          buffer.writerSleeps = bytes.isEmpty
        }
        if bytes.isEmpty {
          var poll = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
          _ = Glibc.poll(&poll, 1, 1_000)
          if poll.revents != 0 {
            var drain = [UInt8](repeating: 0, count: 64)
            _ = read(wakeup, &drain, drain.count)
          }
        } else {
          write(bytes)
          sink.buffer.withLock { $0.isWriting = false }
        }
        // Lines of the next moments go out together.
        usleep(5_000)
      }
    }

    /// Blocks this thread as long as the reader of the pipe does; lines then pile up to the bound and are dropped.
    private func write(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
          let count = Glibc.write(sink.descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
          if count > 0 {
            written += count
          } else if count < 0, errno == EAGAIN {
            var poll = pollfd(fd: sink.descriptor, events: Int16(POLLOUT), revents: 0)
            _ = Glibc.poll(&poll, 1, 1_000)
          } else if count == 0 || errno != EINTR {
            // The reader has gone: what cannot be written is lost.
            let lost = bytes[written...].count { $0 == UInt8(ascii: "\n") }
            sink.dropped.add(lost, ordering: .relaxed)
            return
          }
        }
      }
    }
  }
}
