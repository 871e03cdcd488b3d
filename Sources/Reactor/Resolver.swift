import Glibc

/// Names to addresses, off the loop: getaddrinfo blocks.
package enum Resolver {
  /// All stream addresses of `host`, in the order of RFC 6724; a numeric host never asks the network.
  package static func resolve(host: String, port: UInt16) async throws(SystemError) -> [SocketAddress] {
    try await BlockingThread.shared.run { lookUp(host: host, port: port, passive: false) }.get()
  }

  /// Addresses to listen on; blocks, so for start-up only.
  package static func listening(host: String, port: UInt16) throws(SystemError) -> [SocketAddress] {
    try lookUp(host: host, port: port, passive: true).get()
  }

  private static func lookUp(host: String, port: UInt16, passive: Bool) -> Result<[SocketAddress], SystemError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      return .failure(SystemError("getaddrinfo(\(host))", code: code == EAI_SYSTEM ? errno : EHOSTUNREACH))
    }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next {
      if let address = entry.pointee.ai_addr {
        addresses.append(SocketAddress(address, length: entry.pointee.ai_addrlen))
      }
      next = entry.pointee.ai_next
    }
    return .success(addresses)
  }
}
