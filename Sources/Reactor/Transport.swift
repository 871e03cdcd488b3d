import Glibc

/// A non-blocking byte stream over a socket, plain or TLS, that its owner registers and reads.
///
/// `@unchecked Sendable`: handed from one isolation to the next, used by one at a time.
package final class Transport: @unchecked Sendable {
  private let socket: Socket
  private var stream: TLSStream?
  package let peer: SocketAddress
  /// False until a TLS handshake has ended; plain streams are secure in no sense, but ready at once.
  package private(set) var isEstablished: Bool

  package var descriptor: Int32 { socket.number }
  package var isTLS: Bool { stream != nil }

  /// Takes ownership of a connected, non-blocking socket.
  package init(
    owning socket: consuming Socket, peer: SocketAddress, tls: TLSContext? = nil, serverName: String? = nil
  ) throws(TLSError) {
    let descriptor = socket.number
    self.socket = socket
    self.peer = peer
    isEstablished = tls == nil
    if let tls {
      stream = try TLSStream.make(tls, descriptor: descriptor, serverName: serverName)
    } else {
      stream = nil
    }
  }

  package enum Establishment {
    case done
    case wants(Interest)
    case failed(TLSError)
  }

  /// Goes on with the handshake, if any; call again when the descriptor is ready as wanted.
  package func establish() -> Establishment {
    guard !isEstablished, stream != nil else { return .done }
    switch stream?.handshake() {
    case .done, nil:
      isEstablished = true
      return .done
    case .wants(let interest): return .wants(interest)
    case .failed(let error): return .failed(error)
    }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    stream?.read(into: buffer) ?? socket.read(into: buffer)
  }

  package func write(_ buffer: UnsafeRawBufferPointer) -> IOResult { stream?.write(buffer) ?? socket.write(buffer) }

  /// Two buffers in one call where that can be.
  package func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> IOResult {
    stream == nil ? socket.write(first, second) : write(first.isEmpty ? second : first)
  }

  /// Ends the writing half in order; reading goes on.
  package func shutdownWrite() {
    stream?.shutdownWrite()
    socket.shutdownWrite()
  }

  package func dropUnsentAtClose() { socket.dropUnsentAtClose() }

  package var unacknowledgedBytes: Int? { socket.unacknowledgedBytes }

  package func pendingError() -> SystemError? { socket.pendingError() }
}
