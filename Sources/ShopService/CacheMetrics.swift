import Logging
import Redis
import Telemetry

/// What operators see of Redis: series of each loop's connection, and log lines when it comes and goes.
enum CacheMetrics {
  static func register(_ connections: [Redis.Connection], in registry: MetricsRegistry) {
    for connection in connections {
      let statistics = connection.statistics
      let labels = [("loop", connection.loop.name)]
      registry.gauge("shop_redis_connected", "Whether the connection to Redis is open.", labels) {
        statistics.isConnected.load(ordering: .relaxed) ? 1 : 0
      }
      registry.gauge("shop_redis_circuit_open", "Whether Redis is left alone after failures.", labels) {
        statistics.isCircuitOpen.load(ordering: .relaxed) ? 1 : 0
      }
      let counters: [(String, String, @Sendable () -> UInt64)] = [
        ("shop_redis_commands_total", "Commands sent.", { statistics.commands.load(ordering: .relaxed) }),
        ("shop_redis_timeouts_total", "Commands whose deadline passed.", { statistics.timeouts.load(ordering: .relaxed) }),
        (
          "shop_redis_refusals_total", "Commands not sent: not connected, circuit open.",
          { statistics.refusals.load(ordering: .relaxed) }
        ),
        ("shop_redis_losses_total", "Connections that ended unasked.", { statistics.losses.load(ordering: .relaxed) }),
      ]
      for (name, help, value) in counters { registry.counter(name, help, labels) { Double(value()) } }
    }
  }

  static func log(_ event: Redis.Connection.Event, _ logger: Logger, _ attempts: LogThrottle) {
    switch event {
    case .connected: logger.debug("redis connected")
    case .connectFailed(let reason):
      attempts.pass { logger.warning("redis connect failed", metadata: ["reason": "\(reason)", "not_logged": "\($0)"]) }
    case .lost(let error): logger.warning("redis connection lost", metadata: ["error": "\(error)"])
    case .circuitOpened: logger.warning("redis circuit opened")
    case .circuitClosed: logger.notice("redis circuit closed")
    }
  }
}

extension Redis.Configuration {
  init(_ settings: Configuration.Redis) throws {
    try self.init(url: settings.url, authorityFile: settings.authorityFile)
    commandDeadline = settings.commandDeadline
  }
}
