import HTTP
import Reactor

/// What one client may cost, and how long it may take.
package struct Limits: Sendable {
  /// Open connections of the whole server; further ones are answered 503 and closed.
  package var connections = 10_000
  /// Open connections of one address that is no trusted proxy's; further ones are answered 429 and closed. 0: any number.
  package var connectionsPerAddress = 0
  /// Requests a second of one address, on each loop, and ten seconds' worth at once; further ones are answered 429. 0: any number.
  package var requestsPerAddress = 0
  /// Requests of one connection, the last of which is told to be the last. 0: any number.
  package var requestsPerConnection = 0
  /// Those in front of the server: their own addresses are never limited, and what they say of their clients is believed.
  package var trustedProxies: [IPNetwork] = []
  /// Bounds of lines, fields and chunks.
  package var parser = ParserLimits()

  /// From the first byte of a head, or the start of a connection, to the head's end: in total, not per read.
  package var head = Duration.seconds(10)
  /// A head may trickle at `headRate` bytes a second after this long.
  package var headGrace = Duration.seconds(5)
  package var headRate = 128
  /// A body may trickle at `bodyRate` bytes a second after this long.
  package var bodyGrace = Duration.seconds(5)
  package var bodyRate = 1_024
  /// The longest that a body may take, whatever its rate.
  package var body = Duration.seconds(20)
  package var keepAlive = Duration.seconds(75)
  /// A client that takes no byte for so long is gone; after it, one that takes fewer than `writeRate` a second is as well.
  package var writeStall = Duration.seconds(20)
  package var writeRate = 1_024
  /// The longest that a client may take for an answer, whatever its rate.
  package var write = Duration.seconds(60)
  package var handshake = Duration.seconds(5)
  /// How long a closing connection is read to its end, so that the last answer is not lost to a reset (RFC 9112, 9.6).
  package var linger = Duration.seconds(2)
  /// Requests are not read ahead while so many bytes of answers wait for the client.
  package var unsentBytes = 256 * 1_024
  /// Of answers that clients do not take, on one loop: beyond it the clients that have not been reading for the longest are cut.
  package var stalledBytes = 64 << 20

  package init() {}

  var headPace: Pace { Pace(grace: headGrace, rate: headRate, total: head) }
  var bodyPace: Pace { Pace(grace: bodyGrace, rate: bodyRate, total: body) }
  var writePace: Pace { Pace(grace: writeStall, rate: writeRate, total: write) }
}
