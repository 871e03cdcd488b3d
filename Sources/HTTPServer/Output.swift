import Reactor

/// What waits to be written to a client: heads and small contents together in one array, large contents as they are, shared with the
/// cache that they come from. So a thousand clients that do not read the same page hold it once.
struct Output {
  /// Contents from this size on are not copied.
  static let sharedSize = 16 * 1_024

  /// Written in this order, from `offset` of the first on.
  private var pieces: [[UInt8]] = []
  private var offset = 0
  /// The last piece is shared: nothing is appended to it.
  private var endsShared = false
  /// All bytes that were ever put in, and all that were taken out.
  private(set) var end = 0
  private(set) var taken = 0

  var count: Int { end - taken }
  var isEmpty: Bool { end == taken }

  /// Lets `body` append to the array that ends the queue.
  mutating func append<Result>(_ body: (inout [UInt8]) -> Result) -> Result {
    if pieces.isEmpty || endsShared {
      pieces.append([])
      endsShared = false
    }
    let last = pieces.count - 1
    let before = pieces[last].count
    let result = body(&pieces[last])
    end += pieces[last].count - before
    return result
  }

  mutating func append(_ bytes: [UInt8]) { append { $0.append(contentsOf: bytes) } }

  mutating func appendShared(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    pieces.append(bytes)
    endsShared = true
    end += bytes.count
  }

  /// One call to the kernel with what comes next: two pieces at most, which is a head and its content.
  func write(to transport: Transport) -> IOResult {
    pieces[0].withUnsafeBytes { first -> IOResult in
      let first = UnsafeRawBufferPointer(rebasing: first[offset...])
      guard pieces.count > 1 else { return transport.write(first) }
      return pieces[1].withUnsafeBytes { transport.write(first, $0) }
    }
  }

  /// So many bytes are with the kernel.
  mutating func take(_ count: Int) {
    taken += count
    offset += count
    var done = 0
    while done < pieces.count, offset >= pieces[done].count, done < pieces.count - 1 {
      offset -= pieces[done].count
      done += 1
    }
    if done > 0 { pieces.removeFirst(done) }
  }

  /// After all was taken: keeps room for the next answer, or gives it back.
  mutating func reset(keepingRoom: Bool) {
    if keepingRoom, !endsShared, pieces.count == 1, pieces[0].count <= 16_384 {
      pieces[0].removeAll(keepingCapacity: true)
    } else {
      pieces = []
      endsShared = false
    }
    offset = 0
  }

  mutating func clear() {
    taken = end
    reset(keepingRoom: false)
  }
}
