import Postgres
import Shop

/// The one map from failures of the database to what the shop refuses with: the name of a constraint is the contract, the text of
/// a message is never read.
///
/// Where a refusal needs values that only the command knows (which SKU, how many), the command answers by itself before this is
/// asked.
package enum StoreFailure {
  /// Nil for what no request should be able to bring about: that is a fault, for the log.
  package static func refusal(for error: any Error) -> Refusal? {
    guard let error = error as? PostgresError else { return nil }
    if let constraint = error.constraint { return refusals[constraint] }
    switch error {
    // The one who has the key is waited for, but not for ever.
    case .server(let error) where error.sqlState == "55P03" && error.statement == IdempotencyStatements.claim.name:
      return .idempotencyInProgress(retryAfter: 1)
    case .poolExhausted: return .overloaded(retryAfter: 1)
    // Done or not, it is no fault of the program: the same key sent again tells.
    case .commitUnknown: return .unavailable(retryAfter: 1)
    default: return error.isTransient ? .unavailable(retryAfter: 1) : nil
    }
  }

  /// Whether the database had too much to do, or no time to say what it had.
  package static func tellsOfOverload(_ error: any Error) -> Bool {
    switch error {
    case Refusal.overloaded, PostgresError.poolExhausted, PostgresError.timeout: true
    // The statement has taken longer than a session lets it.
    case PostgresError.server(let error): error.sqlState == "57014"
    default: false
    }
  }

  /// By the name of the constraint. Those that no request can break are not here: the tests list them, each with its reason.
  static let refusals: [String: Refusal] = [
    // The catalogue.
    "variant_sku_unique": .skuTaken(nil),
    "variant_options_unique": .invalid("/options", .duplicate, "Another variant, perhaps an archived one, has these options."),
    "product_handle_unique": .handleTaken(nil),
    "product_snapshot_handle_unique": .handleTaken(nil),
    "product_category_category_exists": .unknownReference("/category_ids"),
    "category_handle_unique": .handleTaken(nil),
    "category_parent_exists": .unknownReference("/parent_id"),
    "category_no_cycle": .invalid("/parent_id", .conflicting, "A category cannot stand below itself."),
    "category_depth": .invalid("/parent_id", .outOfRange, "At most \(Shop.Category.deepest) levels of categories."),
    // Carts.
    "cart_line_bound": .invalid("/variant_id", .tooMany, "A cart has at most \(CartLimits.lines) lines."),
    "cart_line_quantity_range": .invalid(
      "/quantity", .outOfRange,
      "From \(CartLimits.quantity.lowerBound) to \(CartLimits.quantity.upperBound), in all of the line."),
    "cart_shipping_method_exists": .unknownReference("/id"),
    "cart_discount_code_bound": Cart.tooManyCodes,
    // Discounts. A rival has used a code up between the two trips of a checkout.
    "discount_code_unique": .discountCodeTaken,
    "discount_used_within_limit": .discountUnavailable,
    "discount_redemption_once_per_customer": .discountUnavailable,
    // Checkout. The locks should have prevented these: they are the last wall.
    "no_oversell": .outOfStock([]),
    "reservation_level_exists": .outOfStock([]),
    "payment_one_live_per_cart": .checkoutInProgress(retryAfter: 2),
    "orders_one_per_cart": .cartClosed(order: nil),
    // Stock.
    "stock_level_location_exists": .unknownReference("/location_id"),
  ]

  /// The answer to COMMIT did not come.
  package static func mayHaveCommitted(_ error: any Error) -> Bool {
    guard let error = error as? PostgresError, case .commitUnknown = error else { return false }
    return true
  }

  /// What was asked for may have been done or not; whoever looks later will know.
  package static func leavesOpen(_ error: any Error) -> Bool {
    guard let error = error as? PostgresError else { return false }
    if case .commitUnknown = error { return true }
    return error.isTransient
  }
}
