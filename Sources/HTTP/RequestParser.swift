/// Turns a connection's bytes into requests, one after the other; the same for every way the bytes are split.
package struct RequestParser {
  package enum Event {
    /// Nothing more can be said without further bytes.
    case needsMore
    /// A request with content has begun: the moment to set `bodyLimit` and to answer 100-continue. Comes once a request.
    case head(RequestHead)
    case request(Request)
    /// The end: nothing after it may be read as a request.
    case failure(ParseFailure)
  }

  private enum State {
    case head
    case admitting(RequestHead)
    case counted(RequestHead, Int)
    case chunked(RequestHead, ChunkedDecoder)
    case failed(ParseFailure)
  }

  private let limits: ParserLimits
  /// Content bytes that the request at hand may have.
  package var bodyLimit: Int
  private var buffer: [UInt8] = []
  private var body: [UInt8] = []
  /// Up to here there is no end of the head.
  private var searched = 0
  private var lineStart = 0
  private var state = State.head

  package init(_ limits: ParserLimits = ParserLimits()) {
    self.limits = limits
    bodyLimit = limits.body
  }

  /// No byte of a request has come yet.
  package var isIdle: Bool { if case .head = state { buffer.isEmpty } else { false } }

  /// Content bytes of the request at hand that have come so far.
  package var bodyCount: Int { body.count + (isInBody ? buffer.count : 0) }

  package var isInBody: Bool {
    switch state {
    case .admitting, .counted, .chunked: true
    case .head, .failed: false
    }
  }

  /// Whether bytes wait that no event has used yet.
  package var hasBufferedBytes: Bool { !buffer.isEmpty }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

  package mutating func next() -> Event {
    do throws(ParseFailure) {
      while true {
        switch state {
        case .head:
          guard let head = try nextHead() else { return .needsMore }
          guard head.framing == .none else {
            bodyLimit = limits.body
            state = .admitting(head)
            return .head(head)
          }
          return .request(Request(head: head, body: []))
        case .admitting(let head): try admit(head)
        case .counted(let head, let length):
          guard buffer.count >= length else { return .needsMore }
          state = .head
          return .request(Request(head: head, body: take(length)))
        case .chunked(let head, var decoder):
          let used = try decoder.decode(buffer[...], into: &body)
          if used == buffer.count { buffer.removeAll(keepingCapacity: true) } else { buffer.removeFirst(used) }
          guard decoder.isDone else {
            state = .chunked(head, decoder)
            return .needsMore
          }
          state = .head
          defer { body = [] }
          return .request(Request(head: head, body: body))
        case .failed(let failure): return .failure(failure)
        }
      }
    } catch {
      state = .failed(error)
      buffer = []
      body = []
      return .failure(error)
    }
  }

  private mutating func admit(_ head: RequestHead) throws(ParseFailure) {
    switch head.framing {
    case .none: state = .head
    case .length(let length):
      guard length <= bodyLimit else { throw .contentTooLarge }
      state = .counted(head, length)
    case .chunked: state = .chunked(head, ChunkedDecoder(bodyLimit: bodyLimit, overhead: limits.chunkOverhead))
    }
  }

  // MARK: Head

  private mutating func nextHead() throws(ParseFailure) -> RequestHead? {
    try skipEmptyLines()
    guard let end = try endOfHead() else { return nil }
    searched = 0
    lineStart = 0
    return try HeadParser.parse(take(end), limits)
  }

  /// An empty line or two before the request line is what some clients send after content (RFC 9112, 2.2).
  private mutating func skipEmptyLines() throws(ParseFailure) {
    guard searched == 0 else { return }
    var skipped = 0
    while buffer.count >= skipped + 2, buffer[skipped] == 0x0D, buffer[skipped + 1] == 0x0A {
      skipped += 2
      guard skipped <= 8 else { throw .malformed("too many empty lines before a request") }
    }
    if skipped > 0 { buffer.removeFirst(skipped) }
  }

  /// One past the empty line that ends the head. Looks at each byte once, and refuses a bare LF as soon as it is seen.
  private mutating func endOfHead() throws(ParseFailure) -> Int? {
    var end: Int?
    var bareLF = false
    let start = searched
    var line = lineStart
    buffer.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        if bytes[index] == 0x0A {
          guard index > 0, bytes[index - 1] == 0x0D else {
            bareLF = true
            return
          }
          if index - 1 == line {
            end = index + 1
            return
          }
          line = index + 1
        }
        index += 1
      }
    }
    if bareLF { throw .malformed("a line ends in LF without CR") }
    // The limits count what is there, so that they hold while a head is still incomplete.
    if line == 0, buffer.count > limits.requestLine { throw .targetTooLong }
    if lineStart == 0, line > limits.requestLine + 2 {
      if let first = buffer.firstIndex(of: 0x0A), first > limits.requestLine + 2 { throw .targetTooLong }
    }
    if (end ?? buffer.count) > limits.head + limits.requestLine { throw .fieldsTooLarge }
    searched = buffer.count
    lineStart = line
    return end
  }

  /// The first `count` bytes; the whole buffer changes hands where it is all, which is the common case.
  private mutating func take(_ count: Int) -> [UInt8] {
    if count == buffer.count {
      let bytes = buffer
      buffer = []
      return bytes
    }
    let bytes = Array(buffer[..<count])
    buffer.removeFirst(count)
    return bytes
  }
}
