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
  private var rates: RequestRates
  private let addresses: AddressConnections
  /// Of answers that clients do not take.
  private var stalledBytes = 0
  private var date = (second: Int.min, field: [UInt8]())

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    loop: EventLoop, service: any Service & Sendable, limits: Limits, tls: TLSContext?, statistics: Statistics,
    addresses: AddressConnections
  ) {
    self.loop = loop
    self.service = service
    self.limits = limits
    self.tls = tls
    self.statistics = statistics
    self.addresses = addresses
    rates = RequestRates(perSecond: limits.requestsPerAddress)
  }

  /// Takes ownership of an accepted socket.
  func adopt(_ number: Int32, _ peer: SocketAddress, _ entry: AddressConnections.Entry, excess: ParseFailure?) {
    let socket = Socket(owning: number)
    if peer.family != AF_UNIX { socket.setNoDelay() }
    do {
      let transport = try Transport(owning: socket, peer: peer, tls: tls)
      let connection = Connection(transport, of: self, entry: entry, excess: excess)
      connections[ObjectIdentifier(connection)] = connection
      connection.assumeIsolated { $0.open() }
    } catch {
      forgotten(entry)
    }
  }

  func forget(_ connection: Connection) {
    if connections.removeValue(forKey: ObjectIdentifier(connection)) != nil { forgotten(connection.entry) }
  }

  func mayAsk(_ address: IPAddress) -> Bool { rates.allows(address, at: loop.now) }

  /// So many bytes more, or fewer, wait for clients that do not read. Those that have been waited for the longest are cut where that
  /// becomes too much, a quarter more than needed, so that not every further one is looked for among all.
  func noteStall(of bytes: Int) {
    stalledBytes += bytes
    guard bytes > 0, stalledBytes > limits.stalledBytes else { return }
    // Not now: one of them is in the middle of its writing.
    loop.afterBatch { [weak self] in self?.assumeIsolated { $0.makeRoom() } }
  }

  private func makeRoom() {
    guard stalledBytes > limits.stalledBytes else { return }
    let stalled = connections.values.compactMap { connection in
      connection.assumeIsolated { $0.stall?.since }.map { (connection, $0) }
    }
    for (connection, _) in stalled.sorted(by: { $0.1 < $1.1 }) where stalledBytes > limits.stalledBytes / 4 * 3 {
      connection.assumeIsolated { $0.cutForMemory() }
    }
  }

  private func forgotten(_ entry: AddressConnections.Entry) {
    addresses.close(entry)
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
