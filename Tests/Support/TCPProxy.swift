import Foundation
import Glibc
import Reactor
import Synchronization

/// A line to a server of this machine that can be cut, frozen or made noisy: the faults of networks and of what hangs behind them.
package final class TCPProxy: Sendable {
  package let port: UInt16
  private let core: Core

  package init(to address: SocketAddress) throws {
    let (listener, port) = try Loopback.listen()
    self.port = port
    core = Core(listener, to: address)
    Thread.detachNewThread { [core] in core.accept() }
  }

  package convenience init(to port: UInt16) throws {
    guard let address = try Resolver.listening(host: "127.0.0.1", port: port).first else { throw TestFault("no loopback") }
    try self.init(to: address)
  }

  deinit { core.end() }

  /// While false, connections are cut and new ones closed at once.
  package var isOpen: Bool {
    get { core.state.withLock { $0.isOpen } }
    set {
      core.state.withLock { $0.isOpen = newValue }
      if !newValue { core.cut() }
    }
  }

  /// While true, bytes go neither way, and new connections are accepted.
  package var isFrozen: Bool {
    get { core.state.withLock { $0.isFrozen } }
    set { core.state.withLock { $0.isFrozen = newValue } }
  }

  package var isFrozenTowardsClient: Bool {
    get { core.state.withLock { $0.isFrozenTowardsClient } }
    set { core.state.withLock { $0.isFrozenTowardsClient = newValue } }
  }

  /// While true, what new connections say is kept back.
  package var holdsNewConnections: Bool {
    get { core.state.withLock { $0.holdsNewConnections } }
    set { core.state.withLock { $0.holdsNewConnections = newValue } }
  }

  /// While true, clients get bytes without sense instead of those of the server.
  package var isNoisy: Bool {
    get { core.state.withLock { $0.isNoisy } }
    set { core.state.withLock { $0.isNoisy = newValue } }
  }

  /// Open at present.
  package var connections: Int { core.state.withLock { $0.open.count } }
  /// Since the start.
  package var accepted: Int { core.state.withLock { $0.accepted } }
}

/// What the proxy's threads share, apart from the proxy, so that it ends with its owner.
private final class Core: Sendable {
  struct State {
    var isOpen = true
    var isFrozen = false
    var isFrozenTowardsClient = false
    var holdsNewConnections = false
    var isNoisy = false
    var hasEnded = false
    var accepted = 0
    /// The two sockets of each connection, and how many of its two directions still work.
    var open: [Int: (client: Int32, server: Int32, directions: Int)] = [:]
  }

  let state = Mutex(State())
  private let listener: Int32
  private let address: SocketAddress

  init(_ listener: Int32, to address: SocketAddress) {
    self.listener = listener
    self.address = address
  }

  func end() {
    state.withLock { $0.hasEnded = true }
    shutdown(listener, Int32(SHUT_RDWR))
    cut()
  }

  func cut() {
    // Under the lock: a number that was closed meanwhile might be somebody else's.
    state.withLock { state in
      for (client, server, _) in state.open.values {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
      }
    }
  }

  func accept() {
    defer { close(listener) }
    while true {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { return }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      guard state.withLock({ $0.isOpen }), let server = Loopback.connect(to: address) else {
        close(client)
        continue
      }
      let (number, isHeld) = state.withLock { state in
        state.accepted += 1
        state.open[state.accepted] = (client, server, 2)
        return (state.accepted, state.holdsNewConnections)
      }
      // It may have been closed while the server was being reached.
      if !state.withLock({ $0.isOpen && !$0.hasEnded }) { cut() }
      Thread.detachNewThread { [self] in
        wait { isHeld && $0.holdsNewConnections }
        pump(number, client, server) { $0.isFrozen }
      }
      Thread.detachNewThread { [self] in pump(number, server, client) { $0.isFrozen || $0.isFrozenTowardsClient } }
    }
  }

  /// False when the proxy has ended, or the line was cut, before the condition went away.
  @discardableResult
  private func wait(while condition: @Sendable (State) -> Bool) -> Bool {
    while state.withLock({ condition($0) }) {
      // Gone on both sides: nobody will read what is kept back.
      if state.withLock({ $0.hasEnded || !$0.isOpen }) { return false }
      usleep(2_000)
    }
    return true
  }

  private func pump(_ number: Int, _ from: Int32, _ to: Int32, isStopped: @Sendable (State) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let noise = [UInt8](repeating: UInt8(ascii: "?"), count: buffer.count)
    let client = state.withLock { $0.open[number]?.client }
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0, wait(while: isStopped) else { break }
      let isNoise = to == client && state.withLock { $0.isNoisy }
      guard send(to, isNoise ? noise : buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
    state.withLock { state in
      guard let (client, server, directions) = state.open[number] else { return }
      state.open[number] = directions > 1 ? (client, server, directions - 1) : nil
      guard directions == 1 else { return }
      close(client)
      close(server)
    }
  }
}
