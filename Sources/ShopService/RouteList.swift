import Logging
import Postgres
import Reactor
import ShopAPI
import Telemetry

/// The route map as text, for `shop routes`; nothing is connected or started for it.
package enum RouteList {
  package static func lines(_ role: Role) throws -> [String] {
    let configuration = try Configuration(environment: [
      "SHOP_DATABASE_URL": "postgres:///shop", "SHOP_SECRET_KEY": String(repeating: "-", count: 32), "SHOP_ROLE": role.rawValue,
    ])
    let assembly = Assembly(
      configuration: configuration, registry: MetricsRegistry(), readiness: Readiness(), logger: Logger(label: "shop"),
      accessLog: nil)
    let options = DatabaseOptions(target: try ConnectionString(configuration.database.url))
    let routes = try assembly.routes(database: Database(options, loop: try EventLoop(name: "routes")), reader: nil, redis: nil)
    let width = routes.map(\.pattern.count).max() ?? 0
    return routes.map { route in
      let method = route.method.name + String(repeating: " ", count: 7 - route.method.name.count)
      return "\(method) \(route.pattern)\(String(repeating: " ", count: width - route.pattern.count))  \(route.access)"
    }
  }
}
