/// A response as its bytes say, read by the letter of RFC 9112: what is written otherwise is a fault of the server.
struct ReceivedAnswer {
  let status: Int
  /// Names in lower case.
  let fields: [(name: String, value: String)]
  let content: [UInt8]
  let endsByClose: Bool

  func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
  subscript(name: String) -> String? { values(name).first }

  /// The first answer in `bytes` and where it ends; nil while it is not whole. `hasEnded`: no more bytes will come.
  static func read(_ bytes: [UInt8], isHead: Bool, hasEnded: Bool) throws(Fault) -> (answer: ReceivedAnswer, end: Int)? {
    guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = bytes[..<headEnd.lowerBound].split(separator: 0x0D, omittingEmptySubsequences: false)
    let status = try status(lines[0])
    var fields: [(name: String, value: String)] = []
    for line in lines.dropFirst() { fields.append(try field(line)) }
    let head = ReceivedAnswer(status: status, fields: fields, content: [], endsByClose: false)
    guard status >= 200, status != 204, status != 304, !isHead else { return (head, headEnd.upperBound) }
    return try head.withContent(of: bytes, from: headEnd.upperBound, hasEnded: hasEnded)
  }

  private static func status(_ line: ArraySlice<UInt8>) throws(Fault) -> Int {
    let text = String(decoding: line, as: UTF8.self)
    let digits = text.dropFirst(9).prefix(3)
    guard text.hasPrefix("HTTP/1.1 "), digits.count == 3, let status = Int(digits), 100...599 ~= status, line.count > 12,
      line[line.startIndex + 12] == 0x20, line.allSatisfy({ 0x20...0x7E ~= $0 })
    else { throw Fault(description: "no status line: \(text.debugDescription)") }
    return status
  }

  /// `line` begins with the LF of the line before.
  private static func field(_ line: ArraySlice<UInt8>) throws(Fault) -> (name: String, value: String) {
    let bytes = line.dropFirst()
    guard line.first == 0x0A, let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
      colon + 1 < bytes.endIndex, bytes[colon + 1] == 0x20, bytes.allSatisfy({ 0x20...0x7E ~= $0 }),
      bytes[..<colon].allSatisfy({ $0 > 0x20 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) })
    else { throw Fault(description: "no field line: \(String(decoding: line, as: UTF8.self).debugDescription)") }
    return (
      String(decoding: bytes[..<colon], as: UTF8.self).lowercased(), String(decoding: bytes[(colon + 2)...], as: UTF8.self)
    )
  }

  private func withContent(
    of bytes: [UInt8], from start: Int, hasEnded: Bool
  ) throws(Fault) -> (answer: ReceivedAnswer, end: Int)? {
    if self["transfer-encoding"] == "chunked" {
      guard let (content, end) = try Self.chunks(bytes, from: start) else { return nil }
      return (ReceivedAnswer(status: status, fields: fields, content: content, endsByClose: false), end)
    }
    guard let length = self["content-length"] else {
      let whole = ReceivedAnswer(status: status, fields: fields, content: Array(bytes[start...]), endsByClose: true)
      return hasEnded ? (whole, bytes.count) : nil
    }
    guard let count = Int(length), count >= 0 else { throw Fault(description: "no length: \(length)") }
    guard bytes.count >= start + count else { return nil }
    let content = Array(bytes[start..<(start + count)])
    return (ReceivedAnswer(status: status, fields: fields, content: content, endsByClose: false), start + count)
  }

  private static func chunks(_ bytes: [UInt8], from start: Int) throws(Fault) -> (content: [UInt8], end: Int)? {
    var content: [UInt8] = []
    var index = start
    while true {
      guard let line = bytes[index...].firstRange(of: [0x0D, 0x0A]) else { return nil }
      let text = String(decoding: bytes[index..<line.lowerBound], as: UTF8.self)
      guard let size = Int(text, radix: 16), text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
        throw Fault(description: "no chunk size: \(text.debugDescription)")
      }
      let end = line.upperBound + size
      guard bytes.count >= end + 2 else { return nil }
      guard bytes[end] == 0x0D, bytes[end + 1] == 0x0A else { throw Fault(description: "no CRLF behind a chunk") }
      if size == 0 { return (content, end + 2) }
      content += bytes[line.upperBound..<end]
      index = end + 2
    }
  }
}
