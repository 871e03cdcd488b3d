/// Decodes chunked content (RFC 9112, section 7.1) from bytes in any split.
struct ChunkedDecoder: Sendable {
  private enum State {
    case size
    case chunkExtension(ChunkExtension)
    case sizeLF
    case data
    case dataCR
    case dataLF
    case trailerStart
    case trailerName
    case trailerValue
    case trailerLF
    case endLF
    case done
  }

  private var state = State.size
  private var digits = 0
  /// Of the chunk at hand: its size, then what is left of it.
  private var size = 0
  private var overhead: Int
  private let bodyLimit: Int

  /// `overhead` bounds the bytes of extensions, leading zeros and trailers together: all are read and dropped.
  init(bodyLimit: Int, overhead: Int) {
    self.bodyLimit = bodyLimit
    self.overhead = overhead
  }

  var isDone: Bool { if case .done = state { true } else { false } }

  /// Takes from `bytes[start...]` what belongs to the content, appends data to `body`, and says how many bytes it used.
  mutating func decode(_ bytes: [UInt8], from start: Int, into body: inout [UInt8]) throws(ParseFailure) -> Int {
    var index = start
    while index < bytes.count, !isDone {
      if case .data = state {
        let count = min(size, bytes.count - index)
        body.append(contentsOf: bytes[index..<(index + count)])
        index += count
        size -= count
        if size == 0 { state = .dataCR }
      } else {
        try step(bytes[index], bodyCount: body.count)
        index += 1
      }
    }
    return index - start
  }

  private mutating func step(_ byte: UInt8, bodyCount: Int) throws(ParseFailure) {
    switch state {
    case .size: try readSize(byte, bodyCount)
    case .chunkExtension(var parser):
      try spend()
      if try parser.take(byte) { state = .sizeLF } else { state = .chunkExtension(parser) }
    case .sizeLF:
      try expect(0x0A, byte)
      state = size == 0 ? .trailerStart : .data
      digits = 0
    case .dataCR:
      guard byte == 0x0D else { throw .framing("chunk data is not followed by CRLF", section: "RFC 9112, 7.1") }
      state = .dataLF
    case .dataLF:
      try expect(0x0A, byte)
      state = .size
    case .trailerStart:
      if byte == 0x0D {
        state = .endLF
      } else {
        try spend()
        guard Bytes.isToken(byte) else { throw .framing("a trailer line is no field", section: "RFC 9112, 7.1.2") }
        state = .trailerName
      }
    case .trailerName:
      try spend()
      if byte == UInt8(ascii: ":") {
        state = .trailerValue
      } else if !Bytes.isToken(byte) {
        throw .framing("a trailer line is no field", section: "RFC 9112, 7.1.2")
      }
    case .trailerValue:
      try spend()
      if byte == 0x0D {
        state = .trailerLF
      } else if !Bytes.isFieldValue(byte) {
        throw .framing("a trailer has a control character", section: "RFC 9110, 5.5")
      }
    case .trailerLF:
      try expect(0x0A, byte)
      state = .trailerStart
    case .endLF:
      try expect(0x0A, byte)
      state = .done
    case .data, .done: break
    }
  }

  private mutating func readSize(_ byte: UInt8, _ bodyCount: Int) throws(ParseFailure) {
    if let digit = Bytes.hexValue(byte) {
      if digits > 0, size == 0 { try spend() }
      digits += 1
      // Looked at digit by digit: a size that the limit allows is far from overflowing.
      size = size << 4 | Int(digit)
      guard size <= bodyLimit - bodyCount else { throw .contentTooLarge }
      return
    }
    guard digits > 0 else { throw .framing("a chunk size is not 1*HEXDIG", section: "RFC 9112, 7.1") }
    switch byte {
    case 0x0D: state = .sizeLF
    case UInt8(ascii: ";"), 0x20, 0x09:
      var parser = ChunkExtension()
      try spend()
      _ = try parser.take(byte)
      state = .chunkExtension(parser)
    default: throw .framing("a chunk size is not followed by CRLF", section: "RFC 9112, 7.1")
    }
  }

  private func expect(_ expected: UInt8, _ byte: UInt8) throws(ParseFailure) {
    guard byte == expected else { throw .framing("CR without LF in chunked content", section: "RFC 9112, 7.1") }
  }

  private mutating func spend() throws(ParseFailure) {
    overhead -= 1
    guard overhead >= 0 else {
      throw .framing("chunk extensions or trailers are larger than the limit", section: "RFC 9112, 7.1.1")
    }
  }
}
