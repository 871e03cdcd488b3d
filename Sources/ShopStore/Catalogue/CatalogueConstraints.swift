import Postgres
import Shop

/// What the constraints of the catalogue mean to an admin: the name decides, messages are never read.
enum CatalogueConstraints {
  /// Nil for errors that are no broken constraint, or one that no client can break: those are faults.
  static func refusal(for error: any Error, making product: NewProduct? = nil, handle: Handle? = nil) -> Refusal? {
    guard let constraint = (error as? PostgresError)?.constraint else { return nil }
    switch constraint {
    case "variant_sku_unique": return product?.variants.first.map { .skuTaken($0.sku) }
    case "product_handle_unique", "product_snapshot_handle_unique", "category_handle_unique":
      return (product?.handle ?? handle).map { .handleTaken($0) }
    case "variant_options_unique": return .invalid("/variants", .duplicate, "Two variants have the same options.")
    case "product_category_category_exists": return .unknownReference("/category_ids")
    case "category_parent_exists": return .unknownReference("/parent_id")
    case "category_no_cycle": return .invalid("/parent_id", .conflicting, "A category cannot stand below itself.")
    case "category_depth": return .invalid("/parent_id", .outOfRange, "At most \(Shop.Category.deepest) levels of categories.")
    case "stock_level_location_exists": return .unknownReference("/location_id")
    default: return nil
    }
  }

  /// Runs `body`, with the constraints that it breaks as refusals.
  static func map<Value>(
    making product: NewProduct? = nil, handle: Handle? = nil, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch {
      throw refusal(for: error, making: product, handle: handle) ?? error
    }
  }
}
