/// Turns a connection's bytes into the responses to the requests that were sent on it, in their order (RFC 9112, section 6.3).
///
/// Call `expect` for each request before its response is read. After a failure, or a response that is not `isKeepAlive`, the
/// connection cannot be used again.
package struct ResponseParser: Sendable {
  package enum Event: Sendable {
    case needsMore
    case response(ReceivedResponse)
    case failure(ParseFailure)
  }

  private struct Head {
    let section: FieldSection
    let start: ResponseStart
    let isKeepAlive: Bool
  }

  private enum Framing {
    case none
    case length(Int)
    case chunked
    case untilClose
  }

  private enum State {
    case head
    case counted(Head, Int)
    case chunked(Head)
    case untilClose(Head)
    case failed(ParseFailure)
  }

  private let limits: ParserLimits
  private var queue = ByteQueue()
  private var body: [UInt8] = []
  private var state = State.head
  private var expected: [Method] = []
  private var interims = 0
  private var headParser = ResponseHeadParser()
  private var decoder = ChunkedDecoder(bodyLimit: 0, overhead: 0)

  package init(_ limits: ParserLimits = ParserLimits()) { self.limits = limits }

  /// A request of this method was sent: a response to HEAD has no content.
  package mutating func expect(_ method: Method) { expected.append(method) }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if case .failed = state { return }
    queue.append(bytes)
  }

  package mutating func next() -> Event {
    do throws(ParseFailure) {
      while true {
        switch state {
        case .head:
          guard let start = try headParser.read(queue.bytes, from: queue.start, limits) else {
            guard expected.isEmpty, !queue.isEmpty else { return .needsMore }
            throw .malformed("bytes came that answer no request", section: "RFC 9112, 9.2")
          }
          try begin(start)
        case .counted(let head, let length):
          guard queue.count >= length else { return .needsMore }
          return complete(head, queue.take(length))
        case .chunked(let head):
          queue.drop(try decoder.decode(queue.bytes, from: queue.start, into: &body))
          guard decoder.isDone else { return .needsMore }
          return complete(head, takeBody())
        case .untilClose:
          guard queue.count <= limits.body else { throw .contentTooLarge }
          return .needsMore
        case .failed(let failure): return .failure(failure)
        }
      }
    } catch {
      return fail(error)
    }
  }

  /// The connection has ended: the end of a response without a length, too early for any other.
  package mutating func finish() -> Event {
    switch state {
    case .untilClose(let head): return complete(head, queue.take(queue.count))
    case .failed(let failure): return .failure(failure)
    case .head where queue.isEmpty && expected.isEmpty: return .needsMore
    case .head, .counted, .chunked:
      return fail(.framing("the connection ended within a response", section: "RFC 9112, 8"))
    }
  }

  private mutating func fail(_ failure: ParseFailure) -> Event {
    state = .failed(failure)
    queue.clear()
    body = []
    return .failure(failure)
  }

  private mutating func takeBody() -> [UInt8] {
    defer { body = [] }
    return body
  }

  private mutating func complete(_ head: Head, _ content: [UInt8]) -> Event {
    state = .head
    interims = 0
    return .response(
      ReceivedResponse(
        section: head.section, status: head.start.status, minorVersion: head.start.minorVersion, isKeepAlive: head.isKeepAlive,
        body: content))
  }

  private mutating func begin(_ found: (length: Int, start: ResponseStart)) throws(ParseFailure) {
    let section = FieldSection(bytes: queue.take(found.length), fields: headParser.fields)
    headParser = ResponseHeadParser()
    guard let method = expected.first else {
      throw .malformed("bytes came that answer no request", section: "RFC 9112, 9.2")
    }
    if found.start.status < 200 {
      // Interim responses are skipped (RFC 9110, 15.2); no upgrade was asked for.
      interims += 1
      guard found.start.status != 101, interims <= limits.preludes else {
        throw .malformed("an interim response was not asked for", section: "RFC 9110, 15.2")
      }
      return
    }
    expected.removeFirst()
    let framing = try Self.framing(section, found.start, method)
    let options = section.list("connection")
    func has(_ option: String) -> Bool { options.contains { Bytes.equalIgnoringCase($0, option.utf8) } }
    var isKeepAlive = !has("close") && (found.start.minorVersion == 1 || has("keep-alive"))
    if case .untilClose = framing { isKeepAlive = false }
    let head = Head(section: section, start: found.start, isKeepAlive: isKeepAlive)
    switch framing {
    case .none: state = .counted(head, 0)
    case .length(let length):
      guard length <= limits.body else { throw .contentTooLarge }
      state = .counted(head, length)
    case .chunked:
      decoder = ChunkedDecoder(bodyLimit: limits.body, overhead: limits.chunkOverhead)
      state = .chunked(head)
    case .untilClose: state = .untilClose(head)
    }
  }

  private static func framing(
    _ section: FieldSection, _ start: ResponseStart, _ method: Method
  ) throws(ParseFailure) -> Framing {
    if method == .head || start.status == 204 || start.status == 304 { return .none }
    let lengths = section.all("content-length")
    if section.first("transfer-encoding") != nil {
      // Both would be an attempt at response splitting; chunked in HTTP/1.0 is faulty framing (RFC 9112, 6.1).
      guard lengths.isEmpty, start.minorVersion == 1, TransferCodings(section) == .chunked else {
        throw .framing("the response's transfer coding is not chunked alone", section: "RFC 9112, 6.1")
      }
      return .chunked
    }
    guard let first = lengths.first else { return .untilClose }
    guard lengths.count == 1 else { throw .framing("Content-Length more than once", section: "RFC 9112, 6.3") }
    switch ContentLength.read(first) {
    case .malformed: throw .framing("Content-Length is not 1*DIGIT", section: "RFC 9110, 8.6")
    case .tooLarge: throw .contentTooLarge
    case .value(let length): return .length(length)
    }
  }
}
