import Glibc

/// A connection beside those under test: a request on it is answered when the server's loop has handled what came before.
final class Metronome {
  private static let request = Array("GET /beat HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
  private let port: UInt16
  private var socket: ClientSocket

  init(port: UInt16) throws {
    self.port = port
    socket = try ClientSocket(port: port)
  }

  func beat() throws {
    try socket.send(Self.request[...])
    while true {
      socket.receive(waits: true)
      if let (answer, end) = try ReceivedAnswer.read(socket.received, isHead: false, hasEnded: false) {
        guard answer.status == 200 else { throw Fault(description: "the server answers \(answer.status)") }
        socket.drop(end)
        if answer["connection"] == "close" { socket = try ClientSocket(port: port) }
        return
      }
      guard !socket.hasEnded else { throw Fault(description: "the server does not answer") }
    }
  }

  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
