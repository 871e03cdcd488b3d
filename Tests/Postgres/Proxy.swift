import Reactor
import Synchronization
import TestSupport

@testable import Postgres

/// A line to the server that can be cut or frozen, and what libpq needs to take it.
struct Proxy {
  let line: TCPProxy
  let target: ConnectionString

  init(to server: ConnectionString) throws {
    let host = server.hosts[0]
    let local = SocketAddress(unixPath: "\(host.name)/.s.PGSQL.\(host.port)")
    line = try host.isLocalSocket ? local.map { try TCPProxy(to: $0) } ?? TCPProxy(to: host.port) : TCPProxy(to: host.port)
    var keywords = server.parameters
    keywords["host"] = "127.0.0.1"
    keywords["port"] = "\(line.port)"
    target = try ConnectionString(keywords.map { "\($0)='\($1)'" }.joined(separator: " "))
  }
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
