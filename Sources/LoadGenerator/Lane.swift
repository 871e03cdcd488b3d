import Glibc
import Reactor

/// One connection: a request at a time, made anew when it ends.
///
/// `@unchecked Sendable`: on its loop's thread only.
final class Lane: ReadinessHandler, @unchecked Sendable {
  private let loop: EventLoop
  private let address: SocketAddress
  private unowned let run: Run
  private var transport: Transport?
  private var registration: Registration?
  private var reader = AnswerReader()
  private var pending: Arrival?
  private var unsent: ArraySlice<UInt8> = []

  private nonisolated(unsafe) static let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 262_144, alignment: 16)

  init(to address: SocketAddress, on loop: EventLoop, of run: Run) {
    self.address = address
    self.loop = loop
    self.run = run
  }

  func connect() throws(SystemError) {
    disconnect()
    do {
      let transport = try Transport(owning: .connecting(to: address), peer: address)
      self.transport = transport
      registration = try loop.register(transport.descriptor, [.read, .write], .edge, self)
    } catch let error as SystemError {
      throw error
    } catch {
      throw SystemError("connect", code: EIO)
    }
  }

  func disconnect() {
    registration?.cancel()
    registration = nil
    transport = nil
    reader = AnswerReader()
    unsent = []
  }

  func send(_ arrival: Arrival) {
    pending = arrival
    unsent = arrival.request[...]
    write()
  }

  private func write() {
    while !unsent.isEmpty {
      guard let transport else { return lose() }
      switch unsent.withUnsafeBytes({ transport.write($0) }) {
      case .bytes(let count): unsent = unsent.dropFirst(count)
      case .wouldBlock: return
      case .closed, .failed: return lose()
      }
    }
  }

  func ready(_ events: Readiness) {
    if events.contains(.writable), !unsent.isEmpty { write() }
    while let transport {
      switch transport.read(into: Self.buffer) {
      case .wouldBlock: return
      case .closed, .failed: return lose()
      case .bytes(let count):
        switch reader.read(UnsafeRawBufferPointer(rebasing: Self.buffer[..<count])) {
        case .needsMore: if count < Self.buffer.count { return }
        case .unreadable: return lose()
        case .answer(let status):
          guard let arrival = pending else { return lose() }
          pending = nil
          if reader.closes { try? connect() }
          run.answered(arrival, status, self)
          return
        }
      }
    }
  }

  /// The connection has ended: with a request on its way that is an error, without one it is made anew.
  private func lose() {
    let arrival = pending
    pending = nil
    try? connect()
    if let arrival { run.answered(arrival, 0, self) }
  }
}
