import CLinux
import Glibc

/// What a non-blocking read or write came to.
package enum IOResult {
  /// So many bytes, at least one.
  case bytes(Int)
  case wouldBlock
  /// The peer has ended its half in order.
  case closed
  case failed(SystemError)
}

/// A non-blocking stream socket with one owner.
package struct Socket: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package var number: Int32 { descriptor.number }

  package init(owning number: Int32) { descriptor = Descriptor(owning: number) }

  // MARK: Making

  private static func open(_ family: Int32) throws(SystemError) -> Socket {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(family, kind, 0)
    guard number >= 0 else { throw .last("socket") }
    return Socket(owning: number)
  }

  /// Listens on `address`; port 0 takes a free one.
  package static func listening(
    on address: SocketAddress, backlog: Int32 = 4096, sharedPort: Bool = false
  ) throws(SystemError) -> Socket {
    let socket = try open(address.family)
    socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
    if sharedPort { socket.set(SOL_SOCKET, SO_REUSEPORT, 1) }
    guard address.withPointer({ bind(socket.number, $0, $1) }) == 0 else { throw .last("bind \(address)") }
    guard listen(socket.number, backlog) == 0 else { throw .last("listen") }
    return socket
  }

  /// Begins to connect: the socket becomes writable when that is done, and `pendingError` then tells how it went.
  package static func connecting(to address: SocketAddress) throws(SystemError) -> Socket {
    let socket = try open(address.family)
    socket.setNoDelay()
    let code = address.withPointer { connect(socket.number, $0, $1) }
    guard code == 0 || errno == EINPROGRESS else { throw .last("connect \(address)") }
    return socket
  }

  /// The next connection in the queue, or nil when there is none.
  package func accepted() throws(SystemError) -> (number: Int32, peer: SocketAddress)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return try withUnsafeMutablePointer(to: &storage) { storage throws(SystemError) in
      try storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer throws(SystemError) in
        while true {
          let number = accept4(self.number, pointer, &length, flags)
          if number >= 0 { return (number, SocketAddress(pointer, length: length)) }
          switch errno {
          case EAGAIN: return nil
          // The client has gone before it was accepted, or a signal came: the next may be good.
          case EINTR, ECONNABORTED, EPROTO: continue
          default: throw .last("accept4")
          }
        }
      }
    }
  }

  // MARK: Using

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    while true {
      let count = recv(number, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(.last("recv"))
    }
  }

  package func write(_ buffer: UnsafeRawBufferPointer) -> IOResult {
    while true {
      // MSG_NOSIGNAL: a peer that has gone must not end the process by SIGPIPE.
      let count = send(number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(.last("send"))
    }
  }

  /// Two buffers in one call, as if they were one.
  package func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> IOResult {
    func part(_ buffer: UnsafeRawBufferPointer) -> iovec {
      iovec(iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
    }
    return withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
      parts.initializeElement(at: 0, to: part(first))
      parts.initializeElement(at: 1, to: part(second))
      var message = msghdr()
      message.msg_iov = parts.baseAddress
      message.msg_iovlen = 2
      while true {
        let count = sendmsg(number, &message, Int32(MSG_NOSIGNAL))
        if count >= 0 { return .bytes(count) }
        if errno == EINTR { continue }
        return errno == EAGAIN ? .wouldBlock : .failed(.last("sendmsg"))
      }
    }
  }

  /// Ends the writing half: the peer reads to the end, and its bytes on the way are not answered with a reset.
  package func shutdownWrite() { _ = shutdown(number, Int32(SHUT_WR)) }

  package func pendingError() -> SystemError? {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return .last("getsockopt") }
    return code == 0 ? nil : SystemError("connect", code: code)
  }

  /// Bytes written that the peer has not acknowledged; nil where the kernel does not say.
  package var unacknowledgedBytes: Int? {
    var count: Int32 = 0
    return ioctl(number, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : nil
  }

  package var localAddress: SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(number, $0, &length) == 0 ? SocketAddress($0, length: length) : nil
      }
    }
  }

  /// How much the kernel takes beyond what is on its way to the peer: the rest waits here, where it may be shared and is counted.
  /// A listening socket's is that of its connections.
  package func setUnsentLimit(_ bytes: Int32) { set(Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, bytes) }

  /// Closing it will drop what the peer has not taken, instead of leaving that with the kernel for as long as the peer likes.
  package func dropUnsentAtClose() {
    var value = linger(l_onoff: 1, l_linger: 0)
    _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }

  package func setNoDelay() { set(Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

  /// Best effort: each option here is a hint, and a kernel that refuses one still works.
  private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    _ = setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
