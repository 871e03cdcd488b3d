import Glibc

/// A connection to the server under test, and what has come on it.
final class ClientSocket {
  private let descriptor: Int32
  private(set) var received: [UInt8] = []
  private(set) var hasEnded = false
  private(set) var wasReset = false

  init(port: UInt16, patience seconds: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    // Thousands of connections in a few seconds: none may occupy its port for a minute after.
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Fault(description: "connect: errno \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ bytes: ArraySlice<UInt8>) throws(Fault) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Fault(description: "send: errno \(errno)") }
      rest = rest.dropFirst(count)
    }
  }

  func closeHalf() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Takes what is there; with `waits`, waits for something.
  func receive(waits: Bool = false) {
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      var flags = Int32(waits ? 0 : MSG_DONTWAIT)
      while !hasEnded {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, flags)
        flags = Int32(MSG_DONTWAIT)
        if count > 0 {
          received.append(contentsOf: buffer[..<count])
        } else if count < 0, errno == EAGAIN {
          return
        } else {
          (hasEnded, wasReset) = (true, count < 0)
        }
      }
    }
  }

  /// What was sent behind the end was met by a reset: nobody was reading any more (RFC 9112, section 9.6).
  var isRefusing: Bool {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 && code != 0
  }

  func drop(_ count: Int) { received.removeFirst(count) }
}
