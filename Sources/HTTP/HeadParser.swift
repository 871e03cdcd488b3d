/// Reads one complete head, up to and with its empty line (RFC 9112, sections 2 to 6).
struct HeadParser {
  private let bytes: [UInt8]
  private let limits: ParserLimits
  private var position = 0

  private init(_ bytes: [UInt8], _ limits: ParserLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  static func parse(_ bytes: [UInt8], _ limits: ParserLimits) throws(ParseFailure) -> RequestHead {
    var parser = HeadParser(bytes, limits)
    return try parser.run()
  }

  private mutating func run() throws(ParseFailure) -> RequestHead {
    let line = try requestLine()
    var summary = Summary()
    let fields = try self.fields(&summary)
    let framing = try self.framing(summary, minorVersion: line.minorVersion)
    guard summary.hosts <= 1, let host = summary.host ?? (line.minorVersion == 0 ? 0..<0 : nil) else {
      throw .malformed("exactly one Host field is needed")
    }
    // An empty Host is what RFC 9112, 3.2 sends for a target without authority; every target here has one.
    if summary.hosts == 1, !Authority.isValid(bytes[host]) { throw .malformed("the Host field is no host[:port]") }
    let keepAlive = line.minorVersion == 1 ? !summary.close : summary.keepAlive && !summary.close
    if summary.unknownExpectation { throw ParseFailure(417, "expectation_failed", "only 100-continue can be expected") }
    return RequestHead(
      bytes: bytes, fields: fields, method: line.method, pathRange: line.path, queryRange: line.query,
      minorVersion: line.minorVersion, isKeepAlive: keepAlive,
      // Never 100 to HTTP/1.0 (RFC 9110, 10.1.1).
      expectsContinue: summary.expectsContinue && line.minorVersion == 1 && framing != .none, framing: framing,
      isAsteriskForm: line.isAsterisk)
  }

  // MARK: Request line

  private struct RequestLine {
    let method: Method
    let path: Range<Int>
    let query: Range<Int>?
    let minorVersion: Int
    let isAsterisk: Bool
  }

  private mutating func requestLine() throws(ParseFailure) -> RequestLine {
    guard let end = bytes.firstIndex(of: 0x0D), end + 1 < bytes.count, bytes[end + 1] == 0x0A else {
      throw .malformed("the request line does not end in CRLF")
    }
    let line = bytes[0..<end]
    // Exactly two single spaces: white space elsewhere is how requests are smuggled past proxies (RFC 9112, 3).
    guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last,
      first > 0, !line[(first + 1)..<last].contains(0x20), last > first + 1
    else { throw .malformed("the request line is not METHOD SP TARGET SP VERSION") }
    guard line[0..<first].allSatisfy(Bytes.isToken) else { throw .malformed("the method is no token") }
    let version = line[(last + 1)...]
    guard version.count == 8, version.starts(with: "HTTP/".utf8), version[last + 7] == UInt8(ascii: "."),
      (0x30...0x39).contains(version[last + 6]), (0x30...0x39).contains(version[last + 8])
    else { throw .malformed("the version is not HTTP/DIGIT.DIGIT") }
    guard version[last + 6] == UInt8(ascii: "1") else {
      throw ParseFailure(505, "version_not_supported", "only HTTP/1.0 and HTTP/1.1 are spoken here")
    }
    // A higher minor version is answered as the highest that is known (RFC 9110, 2.5).
    let minorVersion = version[last + 8] == 0x30 ? 0 : 1
    guard let method = bytes.withUnsafeBytes({ Method(UnsafeRawBufferPointer(rebasing: $0[0..<first])) }) else {
      throw ParseFailure(501, "method_not_implemented", "this method is not implemented")
    }
    position = end + 2
    return try target((first + 1)..<last, method, minorVersion)
  }

  private func target(_ range: Range<Int>, _ method: Method, _ minorVersion: Int) throws(ParseFailure) -> RequestLine {
    let target = bytes[range]
    guard target.allSatisfy(Bytes.isTarget) else { throw .malformed("the target has characters that must be percent-encoded") }
    if target.elementsEqual([UInt8(ascii: "*")]) {
      guard method == .options else { throw .malformed("the target * is for OPTIONS only") }
      return RequestLine(method: method, path: range, query: nil, minorVersion: minorVersion, isAsterisk: true)
    }
    var start = range.lowerBound
    if target.first != UInt8(ascii: "/") {
      // absolute-form must be accepted (RFC 9112, 3.2.2); its host may not be empty (RFC 9110, 4.2.1).
      guard
        let scheme = ["http://", "https://"].first(where: { prefix in
          target.count >= prefix.utf8.count && Bytes.equalIgnoringCase(target.prefix(prefix.utf8.count), Array(prefix.utf8))
        })
      else { throw .malformed("the target is neither a path nor an absolute URI") }
      let authority = range.lowerBound + scheme.utf8.count
      start =
        bytes[authority..<range.upperBound].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? range.upperBound
      guard authority < start, Authority.isValid(bytes[authority..<start]) else {
        throw .malformed("the target's host is invalid")
      }
      if start == range.upperBound || bytes[start] == UInt8(ascii: "?") {
        guard start < range.upperBound || method != .options else {
          // OPTIONS of an absolute URI without a path is OPTIONS * (RFC 9112, 3.2.4).
          return RequestLine(method: method, path: range, query: nil, minorVersion: minorVersion, isAsterisk: true)
        }
        throw .malformed("the target has no path")
      }
    }
    let question = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "?"))
    return RequestLine(
      method: method, path: start..<(question ?? range.upperBound), query: question.map { ($0 + 1)..<range.upperBound },
      minorVersion: minorVersion, isAsterisk: false)
  }

  // MARK: Fields

  /// What the fields say about the connection and the content.
  private struct Summary {
    var hosts = 0
    var host: Range<Int>?
    var contentLengths = 0
    var contentLength: Range<Int>?
    var codings: [UInt8]?
    var close = false
    var keepAlive = false
    var expectsContinue = false
    var unknownExpectation = false
  }

  private mutating func fields(_ summary: inout Summary) throws(ParseFailure) -> [RequestHead.Field] {
    var fields: [RequestHead.Field] = []
    fields.reserveCapacity(8)
    while true {
      guard let lineEnd = endOfLine(from: position) else { throw .malformed("a header line does not end in CRLF") }
      if lineEnd == position { return fields }
      guard fields.count < limits.fields else { throw .fieldsTooLarge }
      let start = position
      position = lineEnd + 2
      var colon = start
      while colon < lineEnd, Bytes.isToken(bytes[colon]) { colon += 1 }
      // No name, white space before the colon or a folded line (RFC 9112, 5.1 and 5.2).
      guard colon > start, colon < lineEnd, bytes[colon] == UInt8(ascii: ":") else {
        throw .malformed("a header line is not NAME: VALUE")
      }
      var lower = colon + 1
      var upper = lineEnd
      while lower < upper, bytes[lower] == 0x20 || bytes[lower] == 0x09 { lower += 1 }
      while upper > lower, bytes[upper - 1] == 0x20 || bytes[upper - 1] == 0x09 { upper -= 1 }
      var index = lower
      while index < upper {
        guard Bytes.isFieldValue(bytes[index]) else { throw .malformed("a header value has a control character") }
        index += 1
      }
      fields.append(RequestHead.Field(name: start..<colon, value: lower..<upper))
      note(start..<colon, lower..<upper, &summary)
    }
  }

  /// The CR of the next CRLF; every CR and LF that is not part of one is refused where it is met as a character.
  private func endOfLine(from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index + 1 < bytes.count {
        if bytes[index] == 0x0D { return bytes[index + 1] == 0x0A ? index : nil }
        if bytes[index] == 0x0A { return nil }
        index += 1
      }
      return nil
    }
  }

  private func note(_ name: Range<Int>, _ value: Range<Int>, _ summary: inout Summary) {
    func isNamed(_ other: StaticString) -> Bool {
      other.withUTF8Buffer { Bytes.equalIgnoringCase(bytes[name], $0) }
    }
    // By length first: most fields are none of these.
    switch name.count {
    case 4 where isNamed("host"):
      summary.hosts += 1
      summary.host = value
    case 14 where isNamed("content-length"):
      summary.contentLengths += 1
      summary.contentLength = value
    case 17 where isNamed("transfer-encoding"):
      summary.codings = (summary.codings.map { $0 + [UInt8(ascii: ",")] } ?? []) + bytes[value]
    case 10 where isNamed("connection"):
      for option in bytes[value].split(separator: UInt8(ascii: ",")) {
        let option = option.trimmingWhiteSpace()
        if Bytes.equalIgnoringCase(option, Array("close".utf8)) { summary.close = true }
        if Bytes.equalIgnoringCase(option, Array("keep-alive".utf8)) { summary.keepAlive = true }
      }
    case 6 where isNamed("expect"):
      if Bytes.equalIgnoringCase(bytes[value], Array("100-continue".utf8)) {
        summary.expectsContinue = true
      } else {
        summary.unknownExpectation = true
      }
    default: break
    }
  }

  // MARK: Framing

  /// How the content is delimited (RFC 9112, 6.3): one way, stated once, or the connection ends.
  private func framing(_ summary: Summary, minorVersion: Int) throws(ParseFailure) -> RequestHead.Framing {
    if let codings = summary.codings {
      guard summary.contentLengths == 0 else { throw .framing("both Transfer-Encoding and Content-Length") }
      guard minorVersion == 1 else { throw .framing("Transfer-Encoding in HTTP/1.0") }
      let names = codings.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { $0.trimmingWhiteSpace() }
      guard let last = names.last, Bytes.equalIgnoringCase(last, Array("chunked".utf8)) else {
        throw .framing("the final transfer coding is not chunked")
      }
      guard names.count == 1 else {
        // Chunked twice or an empty element is an attack; another coding is merely not implemented (RFC 9112, 6.1).
        let isKnown = names.dropLast().allSatisfy { !$0.isEmpty && !Bytes.equalIgnoringCase($0, Array("chunked".utf8)) }
        throw isKnown
          ? ParseFailure(501, "transfer_coding_not_implemented", "only chunked is implemented")
          : .framing("Transfer-Encoding is no list of codings that ends in chunked")
      }
      return .chunked
    }
    guard let range = summary.contentLength else { return .none }
    // Twice the same value is allowed to be refused, and one place fewer to disagree with a proxy (RFC 9110, 8.6).
    guard summary.contentLengths == 1 else { throw .framing("Content-Length more than once") }
    let digits = bytes[range]
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .framing("Content-Length is not 1*DIGIT")
    }
    var length = 0
    for digit in digits {
      let (product, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carry else { throw .contentTooLarge }
      length = sum
    }
    return length == 0 ? .none : .length(length)
  }
}

extension ArraySlice<UInt8> {
  func trimmingWhiteSpace() -> ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
  }
}
