/// Decodes chunked content (RFC 9112, section 7.1) from bytes in any split.
struct ChunkedDecoder {
  private enum State {
    case size(digits: Int, value: Int)
    case extensions(quoted: Bool, escaped: Bool)
    case sizeLF
    case data(left: Int)
    case dataCR
    case dataLF
    case trailerStart
    case trailer
    case trailerLF
    case endLF
    case done
  }

  private var state = State.size(digits: 0, value: 0)
  private var pendingSize = 0
  private var overhead: Int
  private let bodyLimit: Int

  init(bodyLimit: Int, overhead: Int) {
    self.bodyLimit = bodyLimit
    self.overhead = overhead
  }

  var isDone: Bool { if case .done = state { true } else { false } }

  /// Takes from `bytes` what belongs to the content, appends data to `body`, and says how many bytes it used.
  mutating func decode(_ bytes: ArraySlice<UInt8>, into body: inout [UInt8]) throws(ParseFailure) -> Int {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if case .data(let left) = state {
        let count = min(left, bytes.endIndex - index)
        body.append(contentsOf: bytes[index..<(index + count)])
        index += count
        state = count == left ? .dataCR : .data(left: left - count)
        continue
      }
      try step(bytes[index], bodyCount: body.count)
      index += 1
      if case .done = state { break }
    }
    return index - bytes.startIndex
  }

  private mutating func step(_ byte: UInt8, bodyCount: Int) throws(ParseFailure) {
    switch state {
    case .size(let digits, let value):
      if let digit = Bytes.hexValue(byte) {
        // Sixteen digits would overflow; the body's limit is reached long before.
        guard digits < 15 else { throw .framing("a chunk size is too large") }
        state = .size(digits: digits + 1, value: value << 4 | Int(digit))
        return
      }
      guard digits > 0 else { throw .framing("a chunk size is not 1*HEXDIG") }
      guard value <= bodyLimit - bodyCount else { throw .contentTooLarge }
      pendingSize = value
      switch byte {
      case 0x0D: state = .sizeLF
      case UInt8(ascii: ";"): state = .extensions(quoted: false, escaped: false)
      default: throw .framing("a chunk size is not followed by CRLF")
      }
    case .extensions(let quoted, let escaped):
      try spend()
      guard byte == 0x0D || Bytes.isFieldValue(byte) else { throw .framing("a chunk extension has a control character") }
      if byte == 0x0D {
        guard !quoted else { throw .framing("a chunk extension's quotation is not closed") }
        state = .sizeLF
      } else if quoted {
        state =
          escaped || byte != UInt8(ascii: "\"")
          ? .extensions(quoted: true, escaped: !escaped && byte == UInt8(ascii: "\\"))
          : .extensions(quoted: false, escaped: false)
      } else {
        state = .extensions(quoted: byte == UInt8(ascii: "\""), escaped: false)
      }
    case .sizeLF:
      try expectLF(byte)
      state = pendingSize == 0 ? .trailerStart : .data(left: pendingSize)
    case .data: break
    case .dataCR:
      guard byte == 0x0D else { throw .framing("chunk data is not followed by CRLF") }
      state = .dataLF
    case .dataLF:
      try expectLF(byte)
      state = .size(digits: 0, value: 0)
    case .trailerStart:
      if byte == 0x0D {
        state = .endLF
      } else {
        try spend()
        guard Bytes.isToken(byte) else { throw .framing("a trailer line is no field") }
        state = .trailer
      }
    case .trailer:
      try spend()
      if byte == 0x0D {
        state = .trailerLF
      } else {
        guard Bytes.isFieldValue(byte) else { throw .framing("a trailer has a control character") }
      }
    case .trailerLF:
      try expectLF(byte)
      state = .trailerStart
    case .endLF:
      try expectLF(byte)
      state = .done
    case .done: break
    }
  }

  private func expectLF(_ byte: UInt8) throws(ParseFailure) {
    guard byte == 0x0A else { throw .framing("CR without LF in chunked content") }
  }

  private mutating func spend() throws(ParseFailure) {
    overhead -= 1
    guard overhead >= 0 else { throw .framing("chunk extensions or trailers are larger than the limit") }
  }
}
