/// Turns a connection's bytes into requests, one after the other; the same for every way the bytes are split.
package struct RequestParser: Sendable {
  package enum Event: Sendable {
    /// Nothing more can be said without further bytes.
    case needsMore
    /// A request with content has begun: the moment to set `bodyLimit` and to answer 100-continue. Comes once a request.
    case head(RequestHead)
    case request(Request)
    /// The end: nothing after it may be read as a request.
    case failure(ParseFailure)
  }

  private enum State {
    case preludes(Int)
    case head
    case admitting(RequestHead)
    case counted(RequestHead, Int)
    case chunked(RequestHead)
    /// A request asked to close: what follows is no request (RFC 9112, section 9.6).
    case closed
    case failed(ParseFailure, Method?)
  }

  private let limits: ParserLimits
  /// Content bytes that the request at hand may have.
  package var bodyLimit: Int
  private var queue = ByteQueue()
  private var body: [UInt8] = []
  private var state = State.preludes(0)
  private var headParser = HeadParser()
  private var decoder = ChunkedDecoder(bodyLimit: 0, overhead: 0)

  package init(_ limits: ParserLimits = ParserLimits()) {
    self.limits = limits
    bodyLimit = limits.body
  }

  /// No byte of a request has come yet.
  package var isIdle: Bool {
    switch state {
    case .preludes, .closed: queue.isEmpty
    case .head, .admitting, .counted, .chunked, .failed: false
    }
  }

  /// Content bytes of the request at hand that have come so far.
  package var bodyCount: Int { body.count + (isInBody ? queue.count : 0) }

  package var isInBody: Bool {
    switch state {
    case .admitting, .counted, .chunked: true
    case .preludes, .head, .closed, .failed: false
    }
  }

  /// How many bytes wait that no event has used yet: of the head at hand, as long as there is no content.
  package var bufferedCount: Int { queue.count }

  /// The method of the request at hand, or of what has failed; nil where its line is not read. A HEAD is refused without content.
  package var methodAtHand: Method? {
    switch state {
    case .preludes, .closed: nil
    case .head: headParser.method
    case .admitting(let head), .counted(let head, _), .chunked(let head): head.method
    case .failed(_, let method): method
    }
  }

  /// Whether bytes wait that no event has used yet.
  package var hasBufferedBytes: Bool { !queue.isEmpty }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    // Nothing will read them.
    case .closed, .failed: break
    case .preludes, .head, .admitting, .counted, .chunked: queue.append(bytes)
    }
  }

  package mutating func next() -> Event {
    do throws(ParseFailure) {
      while true {
        switch state {
        case .preludes(let skipped):
          guard try skipEmptyLine(skipped) else { return .needsMore }
        case .head:
          guard let length = try headParser.read(queue.bytes, from: queue.start, limits) else { return .needsMore }
          let head = try headParser.finish(queue.take(length))
          headParser = HeadParser()
          guard head.framing == .none else {
            bodyLimit = limits.body
            state = .admitting(head)
            return .head(head)
          }
          return complete(head, [])
        case .admitting(let head): try admit(head)
        case .counted(let head, let length):
          guard queue.count >= length else { return .needsMore }
          return complete(head, queue.take(length))
        case .chunked(let head):
          queue.drop(try decoder.decode(queue.bytes, from: queue.start, into: &body))
          guard decoder.isDone else { return .needsMore }
          let content = body
          body = []
          return complete(head, content)
        case .closed: return .needsMore
        case .failed(let failure, _): return .failure(failure)
        }
      }
    } catch {
      state = .failed(error, methodAtHand)
      queue.clear()
      body = []
      return .failure(error)
    }
  }

  private mutating func complete(_ head: RequestHead, _ content: [UInt8]) -> Event {
    if head.isKeepAlive {
      state = .preludes(0)
    } else {
      state = .closed
      queue.clear()
    }
    return .request(Request(head: head, body: content))
  }

  private mutating func admit(_ head: RequestHead) throws(ParseFailure) {
    switch head.framing {
    case .none: state = .preludes(0)
    case .length(let length):
      guard length <= bodyLimit else { throw .contentTooLarge }
      state = .counted(head, length)
    case .chunked:
      decoder = ChunkedDecoder(bodyLimit: bodyLimit, overhead: limits.chunkOverhead)
      state = .chunked(head)
    }
  }

  /// An empty line or two before the request line is what some clients send after content (RFC 9112, section 2.2).
  private mutating func skipEmptyLine(_ skipped: Int) throws(ParseFailure) -> Bool {
    guard !queue.isEmpty else { return false }
    guard queue.bytes[queue.start] == 0x0D else {
      state = .head
      return true
    }
    guard queue.count >= 2 else { return false }
    guard queue.bytes[queue.start + 1] == 0x0A else {
      throw .malformed("a CR is not followed by LF", section: "RFC 9112, 2.2")
    }
    guard skipped < limits.preludes else {
      throw .malformed("too many empty lines before a request", section: "RFC 9112, 2.2")
    }
    queue.drop(2)
    state = .preludes(skipped + 1)
    return true
  }
}
