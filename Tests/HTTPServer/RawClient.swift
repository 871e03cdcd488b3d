import Glibc

/// A blocking client that sends literal bytes and reads what comes; each wait ends after ten seconds.
final class RawClient {
  struct Ended: Error, CustomStringConvertible { let description: String }

  /// How a connection ended, as the client sees it.
  enum End: Equatable { case inOrder, reset, timedOut }

  let descriptor: Int32
  private var received: [UInt8] = []

  /// `receiveBuffer`: a small one makes the server feel a client that does not read.
  init(port: UInt16, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Ended(description: "connect: errno \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Ended(description: "send: errno \(errno)") }
      sent += count
    }
  }

  func shutdownWrite() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Nil when there is more; otherwise how it ended.
  private func receive() -> End? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 {
      received.append(contentsOf: buffer[..<count])
      return nil
    }
    return count == 0 ? .inOrder : errno == ECONNRESET || errno == EPIPE ? .reset : .timedOut
  }

  /// The next head with its empty line, and content by Content-Length or until the last chunk.
  func response(hasContent: Bool = true) throws -> RawResponse {
    while true {
      if let (response, used) = RawResponse.parse(received, hasContent: hasContent) {
        received.removeFirst(used)
        return response
      }
      if let end = receive() {
        throw Ended(description: "\(end) after \(String(decoding: received.prefix(500), as: UTF8.self))")
      }
    }
  }

  /// Everything up to the connection's end.
  func rest() -> (bytes: [UInt8], end: End) {
    while true {
      guard let end = receive() else { continue }
      defer { received = [] }
      return (received, end)
    }
  }

  func restAsText() -> (text: String, end: End) {
    let (bytes, end) = rest()
    return (String(decoding: bytes, as: UTF8.self), end)
  }
}

/// A response as its bytes say.
struct RawResponse {
  let status: Int
  /// Names in lower case.
  let fields: [(name: String, value: String)]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
  var closes: Bool { self["connection"] == "close" }

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
