import Glibc
import HTTP
import Reactor
import Synchronization

/// Accepts on the first loop and deals connections out to the loop that has the fewest.
///
/// SO_REUSEPORT would save the hand-over but deals by hash: with 32 connections on two loops a split of 22 to 10 is common,
/// and the busier loop is then what the client measures.
actor Listener: ReadinessHandler {
  /// Nil once stopped: new clients are then refused by the kernel, instead of waiting in a queue that nobody reads.
  private var socket: Socket?
  nonisolated let address: SocketAddress?
  private let workers: [Worker]
  private let limits: Limits
  private let statistics: Statistics
  private let addresses: AddressConnections
  private nonisolated let loop: EventLoop
  private var registration: Registration?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    _ address: SocketAddress, workers: [Worker], limits: Limits, statistics: Statistics, addresses: AddressConnections
  ) throws(SystemError) {
    let socket = try Socket.listening(on: address)
    socket.setUnsentLimit(Self.unsentBytes)
    self.address = socket.localAddress
    self.socket = consume socket
    self.workers = workers
    self.limits = limits
    self.statistics = statistics
    self.addresses = addresses
    loop = workers[0].loop
  }

  /// What the kernel keeps of an answer for a client that does not read, beside what is on its way.
  private static let unsentBytes: Int32 = 16 * 1_024

  func start() throws(SystemError) {
    guard let number = socket?.number else { return }
    registration = try loop.register(number, .read, .level, self)
  }

  /// Takes what the kernel has already accepted on our behalf, then no more.
  func stop() {
    // Bounded by what the queue can hold: clients that keep coming must not keep the door open.
    accept(atMost: Int(SOMAXCONN))
    registration?.cancel()
    registration = nil
    socket = nil
  }

  // Bounded, so that a flood of connections does not starve those that are open.
  nonisolated func ready(_ events: Readiness) { assumeIsolated { $0.accept(atMost: 128) } }

  private func accept(atMost limit: Int) {
    for _ in 0..<limit {
      do {
        guard let (number, peer) = try socket?.accepted() else { return }
        deal(number, peer)
      } catch {
        pauseAccepting()
        return
      }
    }
  }

  private func deal(_ number: Int32, _ peer: SocketAddress) {
    statistics.accepted.add(1, ordering: .relaxed)
    let open = statistics.open.add(1, ordering: .relaxed).newValue
    let entry = addresses.open(peer)
    var excess: ParseFailure?
    if open > limits.connections {
      statistics.note(.total)
      excess = .tooManyConnections
    } else if case .excess = entry {
      statistics.note(.address)
      excess = .tooManyOfAddress
    }
    var least = workers[0]
    for worker in workers where worker.load.load(ordering: .relaxed) < least.load.load(ordering: .relaxed) { least = worker }
    least.load.add(1, ordering: .relaxed)
    let worker = least
    worker.loop.execute { [excess] in worker.assumeIsolated { $0.adopt(number, peer, entry, excess: excess) } }
  }

  /// Out of descriptors or memory: the queue stays with the kernel for a moment, instead of a loop that spins.
  private func pauseAccepting() {
    statistics.acceptPauses.add(1, ordering: .relaxed)
    try? registration?.modify([])
    loop.schedule(at: loop.now + .milliseconds(100)) { [self] in
      assumeIsolated { try? $0.registration?.modify(.read) }
    }
  }
}
