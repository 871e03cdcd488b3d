import Glibc

/// A blocking client that sends literal bytes and reads what comes; each wait ends after its `patience`.
package final class RawClient {
  package struct Ended: Error, CustomStringConvertible { package let description: String }

  /// How a connection ended, as the client sees it.
  package enum End: Equatable { case inOrder, reset, timedOut }

  package let descriptor: Int32
  private var received: [UInt8] = []

  /// `receiveBuffer`: a small one makes the server feel a client that does not read.
  package init(port: UInt16, receiveBuffer: Int32? = nil, patience seconds: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
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

  package func send(_ text: String) throws { try send(Array(text.utf8)) }

  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Ended(description: "send: errno \(errno)") }
      sent += count
    }
  }

  package func shutdownWrite() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

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
  package func response(hasContent: Bool = true) throws -> RawResponse {
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

  /// The next line, without its end.
  package func line() throws -> String {
    while true {
      if let end = received.firstRange(of: [0x0D, 0x0A]) {
        defer { received.removeFirst(end.upperBound) }
        return String(decoding: received[..<end.lowerBound], as: UTF8.self)
      }
      if let end = receive() { throw Ended(description: "\(end) before a line") }
    }
  }

  /// So many bytes, whatever they say.
  package func bytes(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      if let end = receive() { throw Ended(description: "\(end) after \(received.count) of \(count) bytes") }
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// Everything up to the connection's end.
  package func rest() -> (bytes: [UInt8], end: End) {
    while true {
      guard let end = receive() else { continue }
      defer { received = [] }
      return (received, end)
    }
  }

  package func restAsText() -> (text: String, end: End) {
    let (bytes, end) = rest()
    return (String(decoding: bytes, as: UTF8.self), end)
  }
}
