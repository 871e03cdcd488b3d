/// A part of the shop that runs as processes of its own, over a database of its own.
///
/// A further role is a case here, its routes in `Assembly.parts`, its jobs in `Worker.jobs`, and an entry in Terraform's map of services.
package enum Role: String, CaseIterable, Sendable {
  /// Every part in one process, over one database.
  case all
  /// The catalogue: what shoppers read of it, and its administration.
  case product
  /// Carts, checkout, orders and stock.
  case order

  func includes(_ part: Role) -> Bool { self == .all || self == part }
}
