/// Requests of which one thing matters: the rest of each is right.
extension WireCase {
  static func line(_ line: String) -> String { "\(line)\r\nHost: a\r\n\r\n" }

  static func target(_ target: String) -> String { line("GET \(target) HTTP/1.1") }

  static func host(_ value: String) -> String { "GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n" }

  /// Field lines behind the Host.
  static func fields(_ lines: String) -> String { "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n" }

  /// A Content-Length, and three bytes of content.
  static func length(_ value: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(value)\r\n\r\nabc" }

  /// Field lines, and content that is chunked in the right way.
  static func coded(_ lines: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n3\r\nabc\r\n0\r\n\r\n" }

  static func chunked(_ content: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(content)"
  }

  static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

  static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
}
