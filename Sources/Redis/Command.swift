import CHiredis

/// One word of a command: text or bytes, sent as they are (RESP lengths precede them, so nothing needs escaping).
package struct Argument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, Sendable {
  let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(_ number: Int64) { bytes = Array(String(number).utf8) }
  package init(stringLiteral text: String) { self.init(text) }
  package init(integerLiteral number: Int64) { self.init(number) }
}

/// A command in RESP, appended to a connection's outgoing bytes.
enum CommandEncoder {
  /// hiredis counts a command's length in an `int`: far below that, a command is refused.
  static let maximumBytes = 16 << 20

  static func append(_ arguments: [Argument], to output: inout [UInt8]) throws(RedisError) {
    var lengths = [Int](repeating: 0, count: arguments.count)
    var joined: [UInt8] = []
    joined.reserveCapacity(arguments.reduce(0) { $0 + $1.bytes.count })
    for (index, argument) in arguments.enumerated() {
      lengths[index] = argument.bytes.count
      joined += argument.bytes
    }
    guard !arguments.isEmpty, joined.count + 32 * arguments.count <= maximumBytes else { throw .commandTooLarge }
    let written = joined.withUnsafeBytes { bytes in
      // An empty last word points just past the end, which is fine for zero bytes.
      var words: [UnsafePointer<CChar>?] = []
      words.reserveCapacity(lengths.count)
      var offset = 0
      for length in lengths {
        words.append(bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) })
        offset += length
      }
      return format(&words, lengths, to: &output)
    }
    guard written else { throw .commandTooLarge }
  }

  private static func format(_ words: inout [UnsafePointer<CChar>?], _ lengths: [Int], to output: inout [UInt8]) -> Bool {
    var command: UnsafeMutablePointer<CChar>?
    let count = redisFormatCommandArgv(&command, Int32(words.count), &words, lengths)
    guard count > 0, let command else { return false }
    defer { redisFreeCommand(command) }
    output.append(contentsOf: UnsafeRawBufferPointer(start: command, count: Int(count)))
    return true
  }
}
