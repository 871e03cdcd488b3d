import Reactor
import Synchronization

/// How many connections each address has open, over all loops; locked for the moment of an accept or a close, never for a request.
final class AddressConnections: Sendable {
  private let limit: Int
  private let proxies: [IPNetwork]
  private let counts = Mutex<[IPAddress: Int]>([:])

  /// - Parameter limit: of one address; 0 counts nothing.
  init(limit: Int, trusting proxies: [IPNetwork]) {
    self.limit = limit
    self.proxies = proxies
  }

  /// A connection of an address, to be given back by `close`.
  enum Entry {
    /// Of a trusted proxy or a Unix socket, behind which there are many: not counted.
    case uncounted
    case counted(IPAddress)
    /// One more than it may have: counted until it is closed.
    case excess(IPAddress)
  }

  func open(_ peer: SocketAddress) -> Entry {
    guard limit > 0, let address = IPAddress(peer), !proxies.contains(where: { $0.contains(address) }) else { return .uncounted }
    let owner = address.owner
    let count = counts.withLock { counts in
      let count = counts[owner, default: 0] + 1
      counts[owner] = count
      return count
    }
    return count > limit ? .excess(owner) : .counted(owner)
  }

  func close(_ entry: Entry) {
    switch entry {
    case .uncounted: break
    case .counted(let owner), .excess(let owner):
      counts.withLock { counts in
        let count = counts[owner, default: 0] - 1
        counts[owner] = count > 0 ? count : nil
      }
    }
  }
}
