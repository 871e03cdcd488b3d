import Glibc
import Reactor

/// Ports of this machine.
package enum Loopback {
  package static func freePort() throws -> UInt16 {
    guard let address = try Resolver.listening(host: "127.0.0.1", port: 0).first else { throw TestFault("no loopback") }
    let socket = try Socket.listening(on: address)
    guard let port = socket.localAddress?.port else { throw TestFault("no free port") }
    return port
  }

  /// Whether somebody listens there.
  package static func accepts(_ port: UInt16) -> Bool {
    guard let descriptor = connect(to: port) else { return false }
    close(descriptor)
    return true
  }

  package static func accepts(unixPath path: String) -> Bool {
    guard let descriptor = SocketAddress(unixPath: path).flatMap({ connect(to: $0) }) else { return false }
    close(descriptor)
    return true
  }

  package static func connect(to port: UInt16) -> Int32? {
    guard let address = try? Resolver.listening(host: "127.0.0.1", port: port).first else { return nil }
    return connect(to: address)
  }

  package static func connect(to address: SocketAddress) -> Int32? {
    let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    guard address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// A socket that listens on a free port, and the port.
  package static func listen() throws -> (descriptor: Int32, port: UInt16) {
    guard let address = try Resolver.listening(host: "127.0.0.1", port: 0).first else { throw TestFault("no loopback") }
    let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var bound = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &bound) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        address.withPointer { bind(descriptor, $0, $1) } == 0 && Glibc.listen(descriptor, 64) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard code else { throw TestFault("nothing to listen on: errno \(errno)") }
    return (descriptor, UInt16(bigEndian: bound.sin_port))
  }
}
