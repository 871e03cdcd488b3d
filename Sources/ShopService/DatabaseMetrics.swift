import Logging
import Postgres
import Reactor
import Telemetry

/// The series of the database pools: one for each loop's connections, since a full pool on one loop is a full pool.
enum DatabaseMetrics {
  /// - Parameter server: tells those of the reader apart; nil for the writer's.
  static func register(_ databases: [Database], server: String? = nil, in registry: MetricsRegistry) {
    for database in databases {
      let statistics = database.statistics
      func labels(_ more: (String, String)...) -> MetricsRegistry.Labels {
        [("loop", database.loop.name)] + (server.map { [("server", $0)] } ?? []) + more
      }
      let gauges: [(String, String, MetricsRegistry.Labels, @Sendable () -> Int)] = [
        ("shop_database_connections", "Open connections by lane.", labels(("lane", "point")), { statistics.pointOpen }),
        ("shop_database_connections", "Open connections by lane.", labels(("lane", "work")), { statistics.workOpen }),
        ("shop_database_connections_busy", "Exclusive connections in use.", labels(), { statistics.workBusy }),
        ("shop_database_waiting", "Callers waiting for an exclusive connection.", labels(), { statistics.workWaiting }),
        ("shop_database_group_waiting", "Transactions waiting for a place in a group.", labels(), { statistics.groupWaiting }),
      ]
      for (name, help, labels, value) in gauges { registry.gauge(name, help, labels) { Double(value()) } }
      let counters: [(String, String, @Sendable () -> Int)] = [
        ("shop_database_statements_total", "Statements sent, BEGIN, COMMIT and ROLLBACK not counted.", { statistics.statements }),
        ("shop_database_trips_total", "Round trips.", { statistics.trips }),
        ("shop_database_errors_total", "Units that the server refused or that were lost.", { statistics.errors }),
        ("shop_database_timeouts_total", "Units whose deadline passed.", { statistics.timeouts }),
        ("shop_database_connects_total", "Connections made.", { statistics.connects }),
        ("shop_database_connect_failures_total", "Attempts to connect that failed.", { statistics.connectFailures }),
        ("shop_database_lost_total", "Connections that ended unasked.", { statistics.lost }),
        ("shop_database_retries_total", "Transactions begun anew.", { statistics.retries }),
        ("shop_database_groups_total", "Groups of transactions done together.", { statistics.groups }),
        ("shop_database_grouped_transactions_total", "Transactions done in groups.", { statistics.grouped }),
        (
          "shop_database_ungrouped_transactions_total", "Transactions whose group was refused or late, so that they went alone.",
          { statistics.ungrouped }
        ),
        ("shop_database_pool_exhausted_total", "Callers turned away since all connections were busy.", { statistics.exhausted }),
      ]
      for (name, help, value) in counters { registry.counter(name, help, labels()) { Double(value()) } }
    }
  }
}

extension DatabaseStatistics {
  /// A connection is open, so the server was there a moment ago.
  var isReachable: Bool { pointOpen + workOpen > 0 }
}

extension DatabaseOptions {
  /// - Parameter url: of the reader; nil for the writer.
  init(
    _ settings: Configuration.Database, url: String? = nil, deadlines: Configuration.Deadlines, logger: Logger
  ) throws(ConnectionString.Malformed) {
    self.init(target: try ConnectionString(url ?? settings.url))
    takesWrites = url == nil
    pointConnections = settings.pointConnections
    workConnections = settings.workConnections
    poolWait = settings.poolWait
    pointDeadline = deadlines.read
    workDeadline = deadlines.write
    let attempts = LogThrottle()
    onEvent = { event in
      switch event {
      case .connected(let lane, let host):
        logger.debug("database connected", metadata: ["lane": "\(lane.rawValue)", "host": "\(host)"])
      case .connectFailed(let lane, let reason):
        attempts.pass {
          logger.warning(
            "database connect failed", metadata: ["lane": "\(lane.rawValue)", "reason": "\(reason)", "not_logged": "\($0)"])
        }
      case .lost(let lane, let reason):
        logger.warning("database connection lost", metadata: ["lane": "\(lane.rawValue)", "reason": "\(reason)"])
      case .notice(let text): logger.debug("database notice", metadata: ["text": "\(text)"])
      }
    }
  }
}
