import Postgres

/// The subscriptions between the databases of a shop in parts.
package enum Doors {
  /// What the database of a role follows; nil where there is nothing.
  package static func into(_ role: String) -> Subscription? {
    let tables: [String]
    switch Role(rawValue: role) {
    case .order: tables = ["catalogue.offer", "catalogue.opening_stock", "catalogue.heartbeat"]
    case .product: tables = ["catalogue.availability"]
    case .all, nil: return nil
    }
    return Subscription(name: "shop_doors", tables: tables)
  }
}
