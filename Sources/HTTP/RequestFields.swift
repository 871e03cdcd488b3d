/// What a request's fields say about its host, connection and content.
struct RequestFields {
  private let section: FieldSection
  private var hosts = 0
  private var host: Range<Int>?
  private var lengths = 0
  private var length: Range<Int>?
  private var hasCodings = false
  private(set) var close = false
  private(set) var keepAlive = false
  private(set) var expectsContinue = false
  private(set) var unknownExpectation = false

  init(_ section: FieldSection) throws(ParseFailure) {
    self.section = section
    try section.bytes.withUnsafeBufferPointer { (bytes) throws(ParseFailure) in
      guard let base = bytes.baseAddress else { return }
      for field in section.fields { note(field, base) }
    }
  }

  private mutating func note(_ field: FieldSection.Field, _ bytes: UnsafePointer<UInt8>) {
    let name = bytes + Int(field.nameStart)
    // By length first: most fields are none of these.
    switch field.nameCount {
    case 4 where Bytes.equal(name, count: 4, ignoringCase: "host"):
      hosts += 1
      host = field.value
    case 6 where Bytes.equal(name, count: 6, ignoringCase: "expect"):
      if Bytes.equal(bytes + Int(field.valueStart), count: Int(field.valueCount), ignoringCase: "100-continue") {
        expectsContinue = true
      } else {
        unknownExpectation = true
      }
    case 10 where Bytes.equal(name, count: 10, ignoringCase: "connection"): noteConnection(field.value, bytes)
    case 14 where Bytes.equal(name, count: 14, ignoringCase: "content-length"):
      lengths += 1
      length = field.value
    case 17 where Bytes.equal(name, count: 17, ignoringCase: "transfer-encoding"): hasCodings = true
    default: break
    }
  }

  /// Connection options are a case-insensitive list (RFC 9110, section 7.6.1).
  private mutating func noteConnection(_ value: Range<Int>, _ bytes: UnsafePointer<UInt8>) {
    var start = value.lowerBound
    while start < value.upperBound {
      var end = start
      while end < value.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
      var (lower, upper) = (start, end)
      while lower < upper, Bytes.isWhiteSpace(bytes[lower]) { lower += 1 }
      while upper > lower, Bytes.isWhiteSpace(bytes[upper - 1]) { upper -= 1 }
      if Bytes.equal(bytes + lower, count: upper - lower, ignoringCase: "close") { close = true }
      if Bytes.equal(bytes + lower, count: upper - lower, ignoringCase: "keep-alive") { keepAlive = true }
      start = end + 1
    }
  }

  /// Exactly one valid Host in HTTP/1.1; at most one in HTTP/1.0 (RFC 9112, section 3.2).
  func checkHost(minorVersion: Int) throws(ParseFailure) {
    guard hosts == 1 || (hosts == 0 && minorVersion == 0) else {
      throw .malformed("exactly one Host field is needed", section: "RFC 9112, 3.2")
    }
    // An empty Host is for targets without authority (RFC 9110, 7.2); every target here has one.
    if let host, !Authority.isValid(section.bytes[host]) {
      throw .malformed("the Host field is no host[:port]", section: "RFC 9112, 3.2")
    }
  }

  /// How the content is delimited (RFC 9112, section 6.3): one way, stated once, or the connection ends.
  func framing(minorVersion: Int) throws(ParseFailure) -> RequestHead.Framing {
    if hasCodings {
      guard lengths == 0 else { throw .framing("both Transfer-Encoding and Content-Length", section: "RFC 9112, 6.1") }
      guard minorVersion == 1 else { throw .framing("Transfer-Encoding in HTTP/1.0", section: "RFC 9112, 6.1") }
      switch TransferCodings(section) {
      case .chunked: return .chunked
      case .unknownThenChunked: throw .codingNotImplemented
      case .other, .malformed: throw .framing("the final transfer coding is not chunked, once", section: "RFC 9112, 6.3")
      }
    }
    guard let length else { return .none }
    // Twice the same value may be refused, and is one place fewer to disagree with a proxy (RFC 9110, 8.6).
    guard lengths == 1 else { throw .framing("Content-Length more than once", section: "RFC 9112, 6.3") }
    switch ContentLength.read(section.bytes[length]) {
    case .malformed: throw .framing("Content-Length is not 1*DIGIT", section: "RFC 9110, 8.6")
    case .tooLarge: throw .contentTooLarge
    case .value(let value): return value == 0 ? .none : .length(value)
    }
  }
}
