import Testing

@testable import Redis

@Suite struct CommandTests {
  private func wire(_ arguments: [Argument]) throws -> String {
    var output: [UInt8] = []
    try CommandEncoder.append(arguments, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `words are sent with their lengths, whatever is in them`() throws {
    #expect(
      try wire(["SET", "k\r\ney", Argument([0, 13, 10]), "PX", 1_500])
        == "*5\r\n$3\r\nSET\r\n$5\r\nk\r\ney\r\n$3\r\n\0\r\n\r\n$2\r\nPX\r\n$4\r\n1500\r\n")
  }

  @Test func `empty words and negative numbers keep their place`() throws {
    #expect(try wire(["SET", "", -1]) == "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$2\r\n-1\r\n")
    #expect(try wire(["ECHO", ""]) == "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n")
  }

  @Test func `no words, or too many bytes, make no command`() {
    #expect(throws: RedisError.commandTooLarge) { try wire([]) }
    #expect(throws: RedisError.commandTooLarge) { try wire(["SET", "key", Argument([UInt8](repeating: 1, count: 17 << 20))]) }
  }
}
