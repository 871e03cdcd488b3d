/// A response as its bytes say.
package struct RawResponse: Sendable {
  package let status: Int
  /// Names in lower case.
  package let fields: [(name: String, value: String)]
  package let body: [UInt8]

  package var text: String { String(decoding: body, as: UTF8.self) }
  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
  package var closes: Bool { self["connection"] == "close" }

  /// Nil while `bytes` hold no whole response.
  static func parse(_ bytes: [UInt8], hasContent: Bool) -> (RawResponse, used: Int)? {
    guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    var lines = String(decoding: bytes[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
    let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
    let fields = lines.map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      return (name: parts[0].lowercased(), value: String(parts[1].drop { $0 == " " }))
    }
    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    let start = headEnd.upperBound
    if !hasContent || status < 200 || status == 204 || status == 304 {
      return (RawResponse(status: status, fields: fields, body: []), start)
    }
    if value("transfer-encoding") == "chunked" {
      guard let (body, end) = chunks(bytes, from: start) else { return nil }
      return (RawResponse(status: status, fields: fields, body: body), end)
    }
    let length = value("content-length").flatMap { Int($0) } ?? 0
    guard bytes.count >= start + length else { return nil }
    return (RawResponse(status: status, fields: fields, body: Array(bytes[start..<(start + length)])), start + length)
  }

  private static func chunks(_ bytes: [UInt8], from start: Int) -> (body: [UInt8], end: Int)? {
    var body: [UInt8] = []
    var index = start
    while true {
      guard let line = bytes[index...].firstRange(of: [0x0D, 0x0A]) else { return nil }
      guard let size = Int(String(decoding: bytes[index..<line.lowerBound], as: UTF8.self), radix: 16) else { return nil }
      let end = line.upperBound + size + 2
      guard bytes.count >= end else { return nil }
      if size == 0 { return (body, end) }
      body.append(contentsOf: bytes[line.upperBound..<(end - 2)])
      index = end
    }
  }
}
