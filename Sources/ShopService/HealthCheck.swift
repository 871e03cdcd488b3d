import Glibc
import HTTP
import Reactor

/// Asks a running server whether it lives, as a container's health check: one connection, one blocking request.
package enum HealthCheck {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Returns when `/health/live` answers 200 within `timeout`; `host` may be the wildcard that the server listens on.
  package static func run(host: String, port: UInt16, timeout: Duration) throws(Failure) {
    let target = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
    let addresses: [SocketAddress]
    do { addresses = try Resolver.listening(host: target, port: port) } catch { throw Failure(description: "\(error)") }
    guard let address = addresses.first else { throw Failure(description: "\(target) has no address") }
    let descriptor = Descriptor(owning: socket(address.family, Int32(SOCK_STREAM.rawValue), 0))
    guard descriptor.number >= 0 else { throw Failure(description: "\(SystemError.last("socket"))") }
    // A whole second at least: zero would mean for ever.
    var limit = timeval(tv_sec: max(1, Int(timeout.components.seconds)), tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor.number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    guard address.withPointer({ connect(descriptor.number, $0, $1) }) == 0 else {
      throw Failure(description: "\(SystemError.last("connect \(address)"))")
    }
    let request = Array(
      "GET /health/live HTTP/1.1\r\nHost: \(target.contains(":") ? "[\(target)]" : target)\r\nConnection: close\r\n\r\n".utf8)
    guard send(descriptor.number, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw Failure(description: "\(SystemError.last("send"))")
    }
    var reply = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor.number, &reply, reply.count, 0)
    guard count > 0 else { throw Failure(description: "no answer from \(address) within \(timeout)") }
    let line = String(decoding: reply[..<count].prefix { $0 != 0x0D }, as: UTF8.self)
    guard line.hasPrefix("HTTP/1.1 200 ") else { throw Failure(description: "\(address) answered: \(line)") }
  }
}
