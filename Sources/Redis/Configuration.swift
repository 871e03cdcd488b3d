import Reactor
import Tracing

/// How connections reach their Redis and what they put up with; one value for all loops.
package struct Configuration: Sendable {
  package var endpoint: Endpoint
  /// Made once: the system's authorities are a megabyte or two of memory.
  package var tls: TLSContext?
  /// From the call to the reply.
  package var commandDeadline = Duration.milliseconds(50)
  /// From the first packet to Redis' answer to PING, TLS and AUTH included.
  package var connectDeadline = Duration.seconds(1)
  package var maximumReplyBytes = 8 << 20
  /// Commands without a reply, late ones included.
  package var maximumPending = 2_048
  /// Bytes that the kernel has not taken yet.
  package var maximumUnsentBytes = 16 << 20
  /// So many deadline misses in a row, at different moments and without any reply between them, end a connection.
  package var maximumStalls = 3
  package var backoff = Backoff(base: .milliseconds(50), ceiling: .seconds(1))
  package var failuresUntilOpen = 5
  package var probeInterval = Duration.seconds(1)
  /// Shows the commands of whoever works for a trace; nil: nobody asks.
  package var tracer: (any Tracer)?

  package init(endpoint: Endpoint, tls: TLSContext? = nil) {
    self.endpoint = endpoint
    self.tls = tls
  }

  /// `authorityFile`: PEM certificates to verify a `rediss` server by, else the system's.
  package init(url: String, authorityFile: String? = nil) throws {
    let endpoint = try Endpoint(url: url)
    self.init(endpoint: endpoint, tls: endpoint.usesTLS ? try .client(authorityFile: authorityFile) : nil)
  }
}
