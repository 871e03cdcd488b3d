/// Plays cases against a server on the loopback, many connections at once.
///
/// The server must run on one loop and answer each request with a `Method` and a `Target` field, and with the request's content, or
/// its target where there is none.
package struct Player {
  /// Is asked for behind each last answer: no server may execute it.
  package static let smuggledPath = "/smuggled"
  /// Below what a server may allow one address.
  private static let batch = 100
  private static let patience = 10.0

  private let port: UInt16

  package init(port: UInt16) { self.port = port }

  /// What the server got wrong, a line each.
  package func play(_ cases: [WireCase], _ delivery: Delivery) throws -> [String] {
    let plays = cases.enumerated().flatMap { number, wire in
      delivery.cuts(of: wire.steps[0].bytes, number: number).map { (wire, $0) }
    }
    let metronome = try Metronome(port: port)
    var faults: [String] = []
    for start in stride(from: 0, to: plays.count, by: Self.batch) {
      let exchanges = try plays[start..<min(start + Self.batch, plays.count)].map { wire, pieces in
        try Exchange(wire, delivery, pieces, port: port)
      }
      // The first is answered after they are accepted, the second after they are with their loop.
      try metronome.beat()
      try metronome.beat()
      try run(exchanges, metronome)
      faults += exchanges.compactMap(\.report)
    }
    return faults
  }

  private func run(_ exchanges: [Exchange], _ metronome: Metronome) throws {
    var open = exchanges
    let start = Metronome.seconds
    while !open.isEmpty {
      for exchange in open { exchange.sendNext() }
      // Answered after all that was sent before it is read: each piece comes alone.
      try metronome.beat()
      for exchange in open { exchange.judge() }
      open.removeAll(where: \.isDone)
      if Metronome.seconds - start > Self.patience {
        for exchange in open { exchange.giveUp() }
        return
      }
    }
  }
}
