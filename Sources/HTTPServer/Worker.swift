import Glibc
import HTTP
import Reactor
import Synchronization

/// The server's part on one loop: its connections, its read buffer, its clock.
actor Worker {
  nonisolated let loop: EventLoop
  /// Connections dealt to this loop, counted by the listener when it deals.
  nonisolated let load = Atomic<Int>(0)
  nonisolated let statistics: Statistics
  let service: any Service & Sendable
  let limits: Limits
  private let tls: TLSContext?
  private var connections: [ObjectIdentifier: Connection] = [:]
  /// Answers say that they are the last.
  private(set) var isDraining = false
  /// Connections end as soon as nothing is asked of them.
  private(set) var isClosing = false
  private var date = (second: Int.min, field: [UInt8]())

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(loop: EventLoop, service: any Service & Sendable, limits: Limits, tls: TLSContext?, statistics: Statistics) {
    self.loop = loop
    self.service = service
    self.limits = limits
    self.tls = tls
    self.statistics = statistics
  }

  /// Takes ownership of an accepted socket.
  func adopt(_ number: Int32, _ peer: SocketAddress, isExcess: Bool) {
    let socket = Socket(owning: number)
    if peer.family != AF_UNIX { socket.setNoDelay() }
    do {
      let transport = try Transport(owning: socket, peer: peer, tls: tls)
      let connection = Connection(transport, of: self, isExcess: isExcess)
      connections[ObjectIdentifier(connection)] = connection
      connection.assumeIsolated { $0.open() }
    } catch {
      forgotten()
    }
  }

  func forget(_ connection: Connection) {
    if connections.removeValue(forKey: ObjectIdentifier(connection)) != nil { forgotten() }
  }

  private func forgotten() {
    load.subtract(1, ordering: .relaxed)
    statistics.open.subtract(1, ordering: .relaxed)
  }

  func beginDrain() { isDraining = true }

  func closeIdle() {
    isDraining = true
    isClosing = true
    for connection in connections.values { connection.assumeIsolated { $0.closeIfIdle() } }
  }

  func closeAll() { for connection in connections.values { connection.assumeIsolated { $0.close() } } }

  func pause() async { await loop.sleep(for: .milliseconds(10)) }

  /// The Date field (RFC 9110, 6.6.1), formatted once a second.
  func dateField() -> [UInt8] {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    if time.tv_sec != date.second {
      date = (time.tv_sec, Array("Date: \(HTTPDate(secondsSince1970: Int64(time.tv_sec)))\r\n".utf8))
    }
    return date.field
  }
}
