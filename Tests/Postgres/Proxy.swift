import Foundation
import Synchronization

@testable import Postgres

/// A TCP proxy before the server, whose line can be cut or frozen.
final class Proxy: @unchecked Sendable {
  // @unchecked: the flags are under the lock, the rest is constant.
  private struct State {
    var isOpen = true
    var isFrozen = false
    var isFrozenTowardsClient = false
    var holdsNewConnections = false
    var sockets: [Int32] = []
  }
  private let state = Mutex(State())
  private let listener: Int32
  private let upstream: ConnectionString.Host
  let target: ConnectionString

  /// While false, connections are cut and new ones refused.
  var isOpen: Bool {
    get { state.withLock { $0.isOpen } }
    set {
      let cut = state.withLock { state in
        state.isOpen = newValue
        return newValue ? [] : state.sockets
      }
      for socket in cut { shutdown(socket, Int32(SHUT_RDWR)) }
    }
  }
  var isFrozen: Bool {
    get { state.withLock { $0.isFrozen } }
    set { state.withLock { $0.isFrozen = newValue } }
  }
  var isFrozenTowardsClient: Bool {
    get { state.withLock { $0.isFrozenTowardsClient } }
    set { state.withLock { $0.isFrozenTowardsClient = newValue } }
  }

  /// While true, new connections are accepted but get no further.
  var holdsNewConnections: Bool {
    get { state.withLock { $0.holdsNewConnections } }
    set { state.withLock { $0.holdsNewConnections = newValue } }
  }

  init(to server: ConnectionString) throws {
    upstream = server.hosts[0]
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = Proxy.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, length)
        _ = getsockname(listener, $0, &length)
      }
    }
    listen(listener, 16)
    var keywords = server.parameters
    keywords["host"] = "127.0.0.1"
    keywords["port"] = "\(UInt16(bigEndian: address.sin_port))"
    target = try ConnectionString(keywords.map { "\($0)='\($1)'" }.joined(separator: " "))
    Thread.detachNewThread { [self] in accept() }
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }

  private func accept() {
    while true {
      let client = Foundation.accept(listener, nil, nil)
      guard client >= 0 else { return }
      guard isOpen, let server = connectUpstream() else {
        close(client)
        continue
      }
      state.withLock { $0.sockets += [client, server] }
      let isHeld = holdsNewConnections
      Thread.detachNewThread { [self] in
        while isHeld && holdsNewConnections { usleep(2000) }
        pump(client, server, towardsClient: false)
      }
      Thread.detachNewThread { [self] in pump(server, client, towardsClient: true) }
    }
  }

  private func connectUpstream() -> Int32? {
    let path = upstream.name
    if upstream.isLocalSocket {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let name = Array("\(path)/.s.PGSQL.\(upstream.port)".utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
      return connected(descriptor, &address)
    }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Proxy.loopback(upstream.port)
    return connected(descriptor, &address)
  }

  private func connected<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32? {
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) }
    }
    return code == 0 ? descriptor : nil
  }

  private func pump(_ from: Int32, _ to: Int32, towardsClient: Bool) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      while state.withLock({ $0.isFrozen || (towardsClient && $0.isFrozenTowardsClient) }) { usleep(2000) }
      guard send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  deinit { close(listener) }
}

final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func increment() { count.add(1, ordering: .relaxed) }
}

final class Flag: Sendable {
  private let isSet = Atomic<Bool>(false)
  /// True the first time.
  func set() -> Bool { !isSet.exchange(true, ordering: .relaxed) }
}

final class Collected: Sendable {
  private let texts = Mutex<[String]>([])
  var values: [String] { texts.withLock { $0 } }
  func append(_ text: String) { texts.withLock { $0.append(text) } }
}
