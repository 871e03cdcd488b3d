import Glibc

/// Why no connection came about.
package enum ConnectError: Error, CustomStringConvertible {
  case system(SystemError)
  case tls(TLSError)
  case timedOut

  package var description: String {
    switch self {
    case .system(let error): error.description
    case .tls(let error): error.description
    case .timedOut: "connect timed out"
    }
  }
}

extension Transport {
  /// Connects to the first of `addresses` that answers, handshake included, by `deadline`; on `loop` only.
  package static func connect(
    to addresses: [SocketAddress], tls: TLSContext? = nil, serverName: String? = nil, on loop: EventLoop, deadline: Instant
  ) async throws(ConnectError) -> Transport {
    var failure = ConnectError.system(SystemError("connect", code: EHOSTUNREACH))
    for address in addresses {
      do throws(ConnectError) {
        return try await connect(to: address, tls: tls, serverName: serverName, on: loop, deadline: deadline)
      } catch {
        failure = error
        if loop.now >= deadline { break }
      }
    }
    throw failure
  }

  private static func connect(
    to address: SocketAddress, tls: TLSContext?, serverName: String?, on loop: EventLoop, deadline: Instant
  ) async throws(ConnectError) -> Transport {
    let transport: Transport
    let waiter: ReadinessWaiter
    do {
      transport = try Transport(owning: .connecting(to: address), peer: address, tls: tls, serverName: serverName)
      waiter = try ReadinessWaiter(transport.descriptor, .write, on: loop)
    } catch let error as SystemError {
      throw .system(error)
    } catch let error as TLSError {
      throw .tls(error)
    } catch {
      throw .system(SystemError("connect", code: EIO))
    }
    defer { waiter.cancel() }
    guard await waiter.wait(until: deadline) else { throw .timedOut }
    if let error = transport.pendingError() { throw .system(error) }
    while true {
      switch transport.establish() {
      case .done: return transport
      case .failed(let error): throw .tls(error)
      case .wants(let interest):
        do { try waiter.change(to: interest) } catch { throw .system(error) }
        guard await waiter.wait(until: deadline) else { throw .timedOut }
      }
    }
  }
}

/// Waits for one descriptor's readiness, level-triggered, with a deadline.
///
/// `@unchecked Sendable`: on its loop's thread only.
private final class ReadinessWaiter: ReadinessHandler, @unchecked Sendable {
  private let loop: EventLoop
  private var registration: Registration?
  private var continuation: UnsafeContinuation<Bool, Never>?

  init(_ descriptor: Int32, _ interest: Interest, on loop: EventLoop) throws(SystemError) {
    self.loop = loop
    registration = try loop.register(descriptor, interest, .level, self)
  }

  func change(to interest: Interest) throws(SystemError) { try registration?.modify(interest) }

  func cancel() {
    registration?.cancel()
    registration = nil
  }

  func wait(until deadline: Instant) async -> Bool {
    var token: TimerToken?
    defer { token?.cancel() }
    return await withUnsafeContinuation { continuation in
      self.continuation = continuation
      token = loop.schedule(at: deadline) { self.finish(false) }
    }
  }

  func ready(_ events: Readiness) { finish(true) }

  private func finish(_ isReady: Bool) {
    continuation?.resume(returning: isReady)
    continuation = nil
  }
}
