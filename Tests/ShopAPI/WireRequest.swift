import HTTP
import Testing

/// A request as it would arrive: parsed from literal bytes.
func wireRequest(_ head: String, body: String = "") throws -> Request {
  try wireRequest(head, body: Array(body.utf8))
}

func wireRequest(_ head: String, body: [UInt8]) throws -> Request {
  var parser = RequestParser()
  let length = body.isEmpty ? "" : "Content-Length: \(body.count)\r\n"
  let lines = head.split(separator: "\n").joined(separator: "\r\n")
  let bytes = Array("\(lines)\r\nHost: shop.test\r\n\(length)\r\n".utf8) + body
  bytes.withUnsafeBytes { parser.append($0) }
  for _ in 0..<2 {
    if case .request(let request) = parser.next() { return request }
  }
  throw WireRequestError()
}

struct WireRequestError: Error {}

extension Response {
  var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}
