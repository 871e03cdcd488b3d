/// Reads a request head line by line as its bytes arrive (RFC 9112, sections 2 to 6).
struct HeadParser {
  private var lines = LineReader()
  private var line: RequestLine?
  private var fieldsStart = 0
  private var fields: [FieldSection.Field] = []

  /// Nil until the request line is read.
  var method: Method? { line?.method }

  /// The head's length with its empty line, or nil while it is incomplete. `bytes[start...]` begins with the same bytes at each call.
  mutating func read(_ bytes: [UInt8], from start: Int, _ limits: ParserLimits) throws(ParseFailure) -> Int? {
    try bytes.withUnsafeBufferPointer { (buffer) throws(ParseFailure) -> Int? in
      guard let base = buffer.baseAddress, start < buffer.count else { return nil }
      return try read(base + start, buffer.count - start, limits)
    }
  }

  private mutating func read(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ limits: ParserLimits) throws(ParseFailure) -> Int? {
    if line == nil {
      guard
        let found = try lines.next(
          bytes, count, limit: limits.requestLine, tooLong: RequestLine.tooLong(bytes, limits.requestLine))
      else { return nil }
      line = try RequestLine(bytes, found)
      fieldsStart = lines.position
      fields.reserveCapacity(8)
    }
    while true {
      let left = limits.head - (lines.position - fieldsStart) - 2
      guard let found = try lines.next(bytes, count, limit: max(0, left), tooLong: .fieldsTooLarge) else { return nil }
      if found.isEmpty { return lines.position }
      guard fields.count < limits.fields else { throw .fieldsTooLarge }
      fields.append(try FieldSection.Field(bytes, found))
    }
  }

  /// What the whole head means; `bytes` is the head alone.
  consuming func finish(_ bytes: [UInt8]) throws(ParseFailure) -> RequestHead {
    guard let line else { throw .malformed("the request line is missing", section: "RFC 9112, 3") }
    let section = FieldSection(bytes: bytes, fields: fields)
    let meaning = try RequestFields(section)
    let framing = try meaning.framing(minorVersion: line.minorVersion)
    try meaning.checkHost(minorVersion: line.minorVersion)
    // Expectations are HTTP/1.1's (RFC 9110, 10.1.1).
    if meaning.unknownExpectation, line.minorVersion == 1 { throw .expectationFailed }
    return RequestHead(
      section: section, method: line.method, pathRange: line.path, queryRange: line.query, minorVersion: line.minorVersion,
      isKeepAlive: !meaning.close && (line.minorVersion == 1 || meaning.keepAlive),
      expectsContinue: meaning.expectsContinue && line.minorVersion == 1 && framing != .none,
      framing: framing, isAsteriskForm: line.isAsterisk)
  }
}
