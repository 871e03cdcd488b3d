/// `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, section 4).
struct ResponseStart {
  let minorVersion: Int
  let status: Int

  init(_ bytes: UnsafePointer<UInt8>, _ line: Range<Int>) throws(ParseFailure) {
    let name: StaticString = "HTTP/1."
    let first = bytes + line.lowerBound
    guard line.count >= 12 else { throw Self.shape }
    for index in 0..<7 where first[index] != name.utf8Start[index] { throw Self.shape }
    guard Bytes.isDigit(first[7]), first[8] == 0x20 else { throw Self.shape }
    minorVersion = first[7] == 0x30 ? 0 : 1
    var status = 0
    for index in 9..<12 {
      guard Bytes.isDigit(first[index]) else { throw Self.shape }
      status = status * 10 + Int(first[index] - 0x30)
    }
    // The space before an empty reason is left out by many servers.
    guard status >= 100, status < 600, line.count == 12 || first[12] == 0x20 else { throw Self.shape }
    self.status = status
  }

  private static let shape = ParseFailure.malformed("the status line is malformed", section: "RFC 9112, 4")
}
