/// What one client may cost, and how long it may take.
package struct Limits: Sendable {
  /// Open connections of the whole server; further ones are answered 503 and closed.
  package var connections = 10_000
  /// From the first byte of a head, or the start of a connection, to the head's end: in total, not per read.
  package var head = Duration.seconds(10)
  /// A body may trickle at `bodyRate` bytes a second after this long.
  package var bodyGrace = Duration.seconds(5)
  package var bodyRate = 1_024
  /// The longest that a body may take, whatever its rate.
  package var body = Duration.seconds(30)
  package var keepAlive = Duration.seconds(75)
  /// A client that takes no byte for so long is gone.
  package var writeStall = Duration.seconds(20)
  package var handshake = Duration.seconds(5)
  /// How long a closing connection is read to its end, so that the last answer is not lost to a reset (RFC 9112, 9.6).
  package var linger = Duration.seconds(2)
  /// Requests are not read ahead while so many bytes of answers wait for the client.
  package var unsentBytes = 256 * 1_024

  package init() {}
}
