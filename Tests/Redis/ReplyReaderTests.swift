import Testing

@testable import Redis

@Suite struct ReplyReaderTests {
  private func replies(_ wire: [UInt8], chunk: Int, maximumBytes: Int = 1 << 20) throws -> [Reply] {
    guard var reader = ReplyReader(maximumBytes: maximumBytes) else { return [] }
    var replies: [Reply] = []
    var rest = wire[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(chunk))
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
      defer { buffer.deallocate() }
      buffer.copyBytes(from: piece)
      try reader.feed(UnsafeRawBufferPointer(buffer))
      rest = rest.dropFirst(chunk)
      while let reply = try reader.next() { replies.append(reply) }
    }
    return replies
  }

  @Test func `replies are the same at every split`() throws {
    let wire = Array(
      "+OK\r\n:-42\r\n$5\r\na\r\n\0b\r\n$-1\r\n$0\r\n\r\n*3\r\n$1\r\nx\r\n*-1\r\n*1\r\n-ERR inner\r\n*0\r\n-WRONGTYPE no\r\n".utf8
    )
    let expected: [Reply] = [
      .status("OK"), .integer(-42), .bytes(Array("a\r\n\0b".utf8)), .null, .bytes([]),
      .array([.bytes(Array("x".utf8)), .null, .array([.error("ERR inner")])]), .array([]), .error("WRONGTYPE no"),
    ]
    for chunk in 1...wire.count { #expect(try replies(wire, chunk: chunk) == expected) }
  }

  @Test(arguments: [
    "HTTP/1.1 400 Bad Request\r\n\r\n", "!\r\n", "\0\0\0\0", ":12x\r\n", "*2147483647\r\n", "*9223372036854775807\r\n", "*-7\r\n",
    "$-9\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "*65537\r\n",
  ])
  func `garbage is an error, never a crash`(wire: String) {
    #expect(throws: RedisError.self) { try replies(Array(wire.utf8), chunk: 3) }
  }

  @Test func `random bytes never crash the reader`() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("+-:$*0123456789\r\n\r\n\r\nax\0".utf8)
    for _ in 0..<5_000 {
      let wire = (0..<Int.random(in: 1...80, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      _ = try? replies(wire, chunk: Int.random(in: 1...80, using: &random))
    }
  }

  @Test func `a reply larger than its bound is refused before it is whole`() {
    let wire = Array("$100000\r\n".utf8) + [UInt8](repeating: 120, count: 50_000)
    #expect(throws: RedisError.replyTooLarge) { try replies(wire, chunk: 1_000, maximumBytes: 10_000) }
  }

  @Test func `many small replies together may exceed the bound of one`() throws {
    let wire = [[UInt8]](repeating: Array("+OK\r\n".utf8), count: 1_000).flatMap(\.self)
    #expect(try replies(wire, chunk: 700, maximumBytes: 100).count == 1_000)
  }
}
