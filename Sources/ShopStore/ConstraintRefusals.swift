import Postgres
import Shop

/// The one map from the name of a constraint to what the shop refuses with: the name is the contract, the message is never read.
///
/// Where a refusal needs values that only the command knows (which SKU, how many), the command answers by itself before this is asked.
enum ConstraintRefusals {
  /// Nil for a constraint that no request should be able to break: that is a fault, for the log.
  static func refusal(for constraint: String) -> Refusal? {
    switch constraint {
    case "cart_line_quantity_range":
      .invalid(
        "/quantity", .outOfRange,
        "From \(CartLimits.quantity.lowerBound) to \(CartLimits.quantity.upperBound), in all of the line.")
    case "cart_shipping_method_exists": .unknownReference("/id")
    case "payment_one_live_per_cart": .checkoutInProgress(retryAfter: 2)
    case "orders_one_per_cart": .cartClosed(order: nil)
    case "variant_options_unique": .invalid("/variants", .duplicate, "Two variants have the same options.")
    case "category_no_cycle", "category_depth": .invalid("/parent_id", .conflicting, "A category cannot stand there.")
    case "category_parent_exists": .unknownReference("/parent_id")
    case "product_category_category_exists": .unknownReference("/category_ids")
    default: nil
    }
  }
}
