import CLinux
import Glibc

/// An IPv4, IPv6 or Unix address as the kernel takes it.
package struct SocketAddress: @unchecked Sendable, CustomStringConvertible {
  // @unchecked: a plain C struct of integers, which the importer does not mark.
  private var storage: sockaddr_storage
  package let length: socklen_t

  package init(_ pointer: UnsafePointer<sockaddr>, length: socklen_t) {
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { target in
      let count = min(Int(length), target.count)
      target.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: count))
    }
    self.storage = storage
    self.length = length
  }

  /// A Unix socket's path; nil when it is longer than the kernel's 107 bytes.
  package init?(unixPath: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(unixPath.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        SocketAddress($0, length: socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  package var family: Int32 { Int32(storage.ss_family) }

  package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  /// The numeric host, without a port; `unix` for Unix sockets.
  package var host: String { numeric().host }

  package var port: UInt16 { UInt16(numeric().port) ?? 0 }

  package var description: String {
    let (host, port) = numeric()
    return family == AF_INET6 ? "[\(host)]:\(port)" : family == AF_INET ? "\(host):\(port)" : host
  }

  private func numeric() -> (host: String, port: String) {
    guard family == AF_INET || family == AF_INET6 else { return ("unix", "") }
    var host = [CChar](repeating: 0, count: 64)
    var port = [CChar](repeating: 0, count: 8)
    let code = withPointer {
      getnameinfo($0, $1, &host, 64, &port, 8, NI_NUMERICHOST | NI_NUMERICSERV)
    }
    guard code == 0 else { return ("?", "") }
    func text(_ characters: [CChar]) -> String {
      String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return (text(host), text(port))
  }
}
