import Tracing

/// How a loop's database connections are made and bounded.
package struct DatabaseOptions: Sendable {
  package var target: ConnectionString
  package var applicationName = "shop"
  /// Sessions must be of a server that takes writes, unless the URL's `target_session_attrs` says otherwise: after a failover the
  /// name may lead to a standby for a while. A reader's need not be.
  package var takesWrites = true

  /// Pipelined connections for reads. One keeps a loop busy; more only help where single reads are slow.
  package var pointConnections = 1
  /// Exclusive connections for transactions, opened when first needed. With its line a lane takes three times as many callers at
  /// once; the rest are turned away.
  package var workConnections = 8

  /// For each address of the server.
  package var connectTimeout: Duration = .seconds(2)
  /// From the call to its answer, where the caller names no deadline.
  package var pointDeadline: Duration = .seconds(2)
  package var workDeadline: Duration = .seconds(5)
  /// How long a transaction may wait for a connection while all are busy.
  package var poolWait: Duration = .milliseconds(250)
  /// How long work that is done together may wait for what is under way before it is done alone.
  package var groupWait: Duration = .milliseconds(100)

  /// The server's own limits, set for each session.
  package var pointStatementTimeout: Duration = .milliseconds(500)
  package var workStatementTimeout: Duration = .seconds(5)
  /// Above the server's deadlock_timeout of a second: a deadlock is found and tried again before either side gives up.
  package var lockTimeout: Duration = .seconds(2)
  package var idleInTransactionTimeout: Duration = .seconds(10)
  /// TCP_USER_TIMEOUT: how long sent bytes may stay unacknowledged.
  package var tcpUserTimeout: Duration = .seconds(5)

  /// Longest pause between attempts to reconnect: bounds how soon a server that is back is found again.
  package var longestBackoff: Duration = .seconds(1)

  /// Hears of connections opened and lost, and the server's notices; called on the loop, must not block.
  package var onEvent: @Sendable (DatabaseEvent) -> Void = { _ in }

  /// Shows the trips of whoever works for a trace; nil: nobody asks.
  package var tracer: (any Tracer)?

  package init(target: ConnectionString) { self.target = target }
}

/// What an operator may want in the log.
package enum DatabaseEvent: Sendable {
  case connected(lane: Lane, host: String)
  case connectFailed(lane: Lane, reason: String)
  case lost(lane: Lane, reason: String)
  case notice(String)

  package enum Lane: String, Sendable { case point, work }
}

extension Duration {
  /// Whole milliseconds, rounded up, as PostgreSQL's settings want them.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}
