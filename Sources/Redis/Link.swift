import Reactor

/// One socket's life: what is to be sent, what is half read and who waits. Belongs to its connection's isolation.
final class Link {
  typealias Outcome = UnsafeContinuation<Result<Reply, RedisError>, Never>

  enum Waiter {
    case command(Outcome)
    /// A step of the greeting; the last one's reply opens the connection for commands.
    case greeting(isLast: Bool)
    case probe
  }

  let transport: Transport
  var registration: Registration?
  var pipeline = Pipeline<Waiter>()
  var reader: ReplyReader
  private(set) var unsent: [UInt8] = []
  private var sentCount = 0
  /// Commands that have begun to go out and have no reply: a reply beyond them answers nothing.
  private var asked = 0
  var isFlushScheduled = false
  /// Moments at which commands timed out since the last reply.
  var stalls = 0

  /// Nil when memory is short.
  init?(_ transport: Transport, maximumReplyBytes: Int) {
    guard let reader = ReplyReader(maximumBytes: maximumReplyBytes) else { return nil }
    self.transport = transport
    self.reader = reader
  }

  var unsentCount: Int { unsent.count - sentCount }

  /// Encodes a command behind those that wait to be sent.
  func enqueue(_ arguments: [Argument], _ waiter: Waiter, deadline: Instant) throws(RedisError) {
    try CommandEncoder.append(arguments, to: &unsent)
    pipeline.append(waiter, deadline: deadline)
  }

  /// Whose the reply at hand is.
  func receiveNext() -> Pipeline<Waiter>.Receiver {
    guard asked > 0 else { return .nobody }
    asked -= 1
    return pipeline.receiveNext()
  }

  /// Writes until all is sent or the kernel takes no more; the number of writes, or why there is no going on.
  func flush() -> Result<Int, RedisError> {
    var writes = 0
    asked = pipeline.count
    while sentCount < unsent.count {
      let result = unsent.withUnsafeBytes { transport.write(UnsafeRawBufferPointer(rebasing: $0[sentCount...])) }
      writes += 1
      switch result {
      case .bytes(let count): sentCount += count
      case .wouldBlock:
        // Keeps what a slow Redis makes us hold from growing by what it has taken long ago.
        if sentCount >= 1 << 20 {
          unsent.removeFirst(sentCount)
          sentCount = 0
        }
        return .success(writes)
      case .closed: return .failure(.connectionLost("closed by Redis"))
      case .failed(let error): return .failure(.connectionLost(error.description))
      }
    }
    unsent.removeAll(keepingCapacity: unsent.capacity <= 1 << 18)
    sentCount = 0
    return .success(writes)
  }
}
