import HTTP
import Reactor
import Synchronization

/// An HTTP/1.1 server over several loops: one listening socket, each connection on one loop for its life.
package final class Server: Sendable {
  package let statistics = Statistics()
  private let workers: [Worker]
  private let listeners: [Listener]
  package let addresses: [SocketAddress]

  /// Binds at once (so that a taken port is a start-up error), accepts after `start`.
  ///
  /// `services` has one service for each loop.
  package init(
    host: String, port: UInt16, loops: [EventLoop], services: [any Service & Sendable], limits: Limits, tls: TLSContext? = nil
  ) throws(SystemError) {
    let addresses = AddressConnections(limit: limits.connectionsPerAddress, trusting: limits.trustedProxies)
    var workers: [Worker] = []
    for (loop, service) in zip(loops, services) {
      workers.append(
        Worker(loop: loop, service: service, limits: limits, tls: tls, statistics: statistics, addresses: addresses))
    }
    var listeners: [Listener] = []
    var bound: [SocketAddress] = []
    for address in try Resolver.listening(host: host, port: port) {
      let listener = try Listener(address, workers: workers, limits: limits, statistics: statistics, addresses: addresses)
      listeners.append(listener)
      if let address = listener.address { bound.append(address) }
    }
    self.workers = workers
    self.listeners = listeners
    self.addresses = bound
  }

  /// Begins to accept.
  package func start() async throws(SystemError) { for listener in listeners { try await listener.start() } }

  /// From now on every answer says `Connection: close`, while new connections are still accepted.
  package func beginDrain() async { for worker in workers { await worker.beginDrain() } }

  /// Stops accepting, closes what is idle, and waits until `deadline` for the rest; true when nothing was cut.
  package func finishDrain(until deadline: Instant) async -> Bool {
    for listener in listeners { await listener.stop() }
    for worker in workers { await worker.closeIdle() }
    while statistics.open.load(ordering: .relaxed) > 0 {
      guard .measured() < deadline else {
        for worker in workers { await worker.closeAll() }
        return false
      }
      await workers[0].pause()
    }
    return true
  }
}
