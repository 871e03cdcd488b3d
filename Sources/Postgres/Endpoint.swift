import Reactor

/// One address to try: libpq gets the name beside it, for TLS and for .pgpass.
struct Endpoint: Sendable {
  let keywords: [String: String]
  let description: String

  /// All addresses of `target`, resolved now: a failover changes what a name means.
  static func resolve(_ target: ConnectionString) async throws(PostgresError) -> [Endpoint] {
    guard !target.hosts.isEmpty else { return [Endpoint(keywords: [:], description: "local socket")] }
    var endpoints: [Endpoint] = []
    var failure: SystemError?
    for host in target.hosts {
      let port = "\(host.port)"
      if host.isLocalSocket || (host.name.isEmpty && host.address == nil) {
        endpoints.append(Endpoint(keywords: ["host": host.name, "port": port], description: "\(host.name):\(port)"))
      } else if let address = host.address {
        endpoints.append(
          Endpoint(keywords: ["host": host.name, "hostaddr": address, "port": port], description: "\(address):\(port)"))
      } else {
        do {
          for address in try await Resolver.resolve(host: host.name, port: host.port) {
            endpoints.append(
              Endpoint(
                keywords: ["host": host.name, "hostaddr": address.host, "port": port], description: "\(host.name):\(port)"))
          }
        } catch { failure = error }
      }
    }
    if endpoints.isEmpty { throw .unavailable(failure.map { "\($0)" } ?? "no address") }
    return endpoints
  }
}

extension Connection {
  /// A session of the first server that answers and is what the URL asks for (`target_session_attrs`).
  static func opened(
    _ options: DatabaseOptions, _ lane: DatabaseEvent.Lane, loop: EventLoop, statistics: DatabaseStatistics,
    owner: any ConnectionOwner
  ) async throws(PostgresError) -> Connection {
    let session = options.session(lane)
    let onEvent = options.onEvent
    var failure = PostgresError.unavailable("no address")
    for endpoint in try await Endpoint.resolve(options.target) {
      let connection = Connection(loop: loop, statistics: statistics, owner: owner)
      do {
        try await connection.open(
          session.merging(endpoint.keywords) { $1 }, onNotice: { onEvent(.notice($0)) },
          deadline: .measured() + options.connectTimeout)
        onEvent(.connected(lane: lane, host: endpoint.description))
        return connection
      } catch { failure = error }
    }
    onEvent(.connectFailed(lane: lane, reason: "\(failure)"))
    throw failure
  }
}
