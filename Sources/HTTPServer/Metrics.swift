import Synchronization

/// Counts of one server, shared by its loops; read by whoever exports them.
package final class Statistics: Sendable {
  /// Why a connection was answered with a refusal and closed.
  package enum Refusal: Int, CaseIterable, Sendable {
    /// The server has as many as it takes.
    case total
    /// Its address has as many as it may.
    case address
  }

  /// Why a client was cut: what it was too slow with.
  package enum Cut: Int, CaseIterable, Sendable {
    case handshake, head, body
    /// It does not take its answer.
    case write
    /// As `write`, earlier, since too much memory was waiting for such clients.
    case memory
  }

  /// Why a request was refused that was HTTP.
  package enum Excess: Int, CaseIterable, Sendable {
    case line, fields, content
    /// Its address asks too often.
    case rate
  }

  /// A class, since arrays hold no atomics.
  private final class Count: Sendable { let value = Atomic<Int>(0) }

  /// Open connections now.
  package let open = Atomic<Int>(0)
  package let accepted = Atomic<Int>(0)
  /// Times that accepting paused since the process was out of descriptors.
  package let acceptPauses = Atomic<Int>(0)
  /// Bytes that were no HTTP, or more than the limits allow.
  package let malformed = Atomic<Int>(0)
  package let handshakeFailures = Atomic<Int>(0)
  /// Connections ended since they had as many requests as one may have.
  package let usedUp = Atomic<Int>(0)
  private let refusals = Refusal.allCases.map { _ in Count() }
  private let cuts = Cut.allCases.map { _ in Count() }
  private let excesses = Excess.allCases.map { _ in Count() }

  package init() {}

  package func count(of refusal: Refusal) -> Int { refusals[refusal.rawValue].value.load(ordering: .relaxed) }
  package func count(of cut: Cut) -> Int { cuts[cut.rawValue].value.load(ordering: .relaxed) }
  package func count(of excess: Excess) -> Int { excesses[excess.rawValue].value.load(ordering: .relaxed) }

  /// Cut for being slower than the limits allow, whatever with.
  package var timedOut: Int { Cut.allCases.reduce(0) { $0 + count(of: $1) } }

  func note(_ refusal: Refusal) { refusals[refusal.rawValue].value.add(1, ordering: .relaxed) }
  func note(_ cut: Cut) { cuts[cut.rawValue].value.add(1, ordering: .relaxed) }
  func note(_ excess: Excess) { excesses[excess.rawValue].value.add(1, ordering: .relaxed) }

  /// Of bytes that are no acceptable request.
  func noteMalformed(status: Int) {
    malformed.add(1, ordering: .relaxed)
    switch status {
    case 413: note(.content)
    case 414: note(.line)
    case 431: note(.fields)
    default: break
    }
  }
}
