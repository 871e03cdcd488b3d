import Foundation
import Synchronization
import Testing

/// A server of bytes on a thread for each connection: every read is answered by the script.
final class ByteServer: Sendable {
  enum Answer: Sendable {
    case bytes(String)
    /// Writes, then closes.
    case last(String)
    case close
    case nothing
  }

  let port: UInt16
  private let listener: Int32
  private let log = Mutex<(connections: Int, requests: [String])>((0, []))

  var connections: Int { log.withLock { $0.connections } }
  var requests: [String] { log.withLock { $0.requests } }

  /// `answer` gets the number of the connection and of the request on it, from 0.
  init(_ answer: @escaping @Sendable (_ connection: Int, _ request: Int) -> Answer) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      defer { close(listener) }
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard let server = self else {
          close(descriptor)
          return
        }
        let number = server.log.withLock { log in
          log.connections += 1
          return log.connections - 1
        }
        Thread.detachNewThread { [weak self] in self?.serve(descriptor, number, answer) }
      }
    }
  }

  /// Ends the thread that accepts, which closes the socket: nobody else's may get its number before.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ descriptor: Int32, _ connection: Int, _ answer: (Int, Int) -> Answer) {
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var request = 0
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      log.withLock { $0.requests.append(String(decoding: buffer[..<count], as: UTF8.self)) }
      let (text, isLast): (String, Bool)
      switch answer(connection, request) {
      case .bytes(let bytes): (text, isLast) = (bytes, false)
      case .last(let bytes): (text, isLast) = (bytes, true)
      case .close: return
      case .nothing: (text, isLast) = ("", false)
      }
      request += 1
      guard text.isEmpty || send(descriptor, Array(text.utf8), text.utf8.count, Int32(MSG_NOSIGNAL)) > 0, !isLast else { return }
    }
  }
}
