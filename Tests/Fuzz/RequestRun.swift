@testable import HTTP

/// What the parser makes of some bytes, in pieces of which each lies in memory of its own, of its exact size.
struct RequestRun {
  /// One thing that the parser said.
  enum Event: Equatable {
    case head(Method, RequestHead.Framing)
    case request(Parsed)
    case failure(ParseFailure)
  }

  /// All that a request says, so that two can be compared.
  struct Parsed: Equatable {
    let method: Method
    let path: [UInt8]
    let query: [UInt8]?
    let minorVersion: Int
    let isKeepAlive: Bool
    let expectsContinue: Bool
    let isAsteriskForm: Bool
    let isChunked: Bool
    let fields: [Field]
    let body: [UInt8]
  }

  struct Field: Equatable {
    let name: [UInt8]
    let value: [UInt8]
  }

  private(set) var events: [Event] = []
  /// For each event, how many bytes the parser had been given.
  private(set) var offsets: [Int] = []
  /// Nothing of a request is left over.
  let isIdle: Bool

  init(_ pieces: [ArraySlice<UInt8>], _ limits: ParserLimits) {
    var parser = RequestParser(limits)
    var given = 0
    pieces: for piece in pieces {
      Self.withOwnMemory(piece) { parser.append($0) }
      given += piece.count
      while let event = Self.next(&parser) {
        events.append(event)
        offsets.append(given)
        // The end: whatever is given now, this is what it says.
        if case .failure = event {
          piece.withUnsafeBytes { parser.append($0) }
          if let other = Self.next(&parser), other != event { events.append(other) }
          break pieces
        }
      }
    }
    isIdle = parser.isIdle
  }

  private static func withOwnMemory(_ piece: ArraySlice<UInt8>, _ body: (UnsafeRawBufferPointer) -> Void) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: piece)
    body(UnsafeRawBufferPointer(memory))
  }

  private static func next(_ parser: inout RequestParser) -> Event? {
    switch parser.next() {
    case .needsMore: nil
    case .failure(let failure): .failure(failure)
    case .head(let head): .head(head.method, head.framing)
    case .request(let request): .request(Parsed(request))
    }
  }
}

extension RequestRun.Parsed {
  init(_ request: Request) {
    let head = request.head
    method = head.method
    path = Array(head.rawPath)
    query = head.rawQuery.map { Array($0) }
    minorVersion = head.minorVersion
    isKeepAlive = head.isKeepAlive
    expectsContinue = head.expectsContinue
    isAsteriskForm = head.isAsteriskForm
    isChunked = head.framing == .chunked
    fields = head.section.fields.map { field in
      RequestRun.Field(name: Array(head.section.bytes[field.name]), value: Array(head.section.bytes[field.value]))
    }
    body = request.body
  }

  /// The same request in the plainest form: origin-form, one space behind each colon, a length instead of chunks.
  var encoded: [UInt8] {
    var bytes = Array(method.name.utf8) + [0x20]
    // An absolute URI without a path asks OPTIONS about the server as `*` does.
    bytes += isAsteriskForm ? [UInt8(ascii: "*")] : path
    if let query { bytes += [UInt8(ascii: "?")] + query }
    bytes += Array(" HTTP/1.\(minorVersion)\r\n".utf8)
    for field in fields where !(isChunked && Bytes.equalIgnoringCase(field.name, "transfer-encoding".utf8)) {
      bytes += field.name + [0x3A, 0x20] + field.value + [0x0D, 0x0A]
    }
    if isChunked { bytes += Array("Content-Length: \(body.count)\r\n".utf8) }
    return bytes + [0x0D, 0x0A] + body
  }

  /// What must be the same after it was written and read again.
  var meaning: RequestRun.Parsed {
    RequestRun.Parsed(
      method: method, path: isAsteriskForm ? [UInt8(ascii: "*")] : path, query: query, minorVersion: minorVersion,
      isKeepAlive: isKeepAlive, expectsContinue: false, isAsteriskForm: isAsteriskForm, isChunked: false,
      fields: fields.filter { field in
        !["transfer-encoding", "content-length"].contains { Bytes.equalIgnoringCase(field.name, $0.utf8) }
      }, body: body)
  }
}
