import Admission
import HTTP

extension Route {
  /// Who is let in first when not all can be: every route of the map.
  package enum Entry: Hashable, Sendable {
    /// Never asked: what watches the shop must see it when it is busiest.
    case open
    /// Asked before the handler is called.
    case atDoor(Priority)
    /// Asked when the answer has to be built: one that is kept costs the database nothing.
    case whenBuilt(Priority)
  }

  package var entry: Entry { Self.entry(method, pattern) }

  static func entry(_ method: Method, _ pattern: String) -> Entry {
    if open.contains(pattern) { return .open }
    if kept.contains(pattern) { return .whenBuilt(.browsing) }
    if method == .post, pattern == "/v1/carts" { return .atDoor(.browsing) }
    return .atDoor(ofCheckout.contains(pattern) ? .checkout : .shopping)
  }

  private static let open: Set<String> = [
    "/health", "/health/live", "/health/ready", "/health/deep", "/metrics", "/openapi.json",
  ]

  /// Catalogue answers, which `ResponseCache` keeps.
  private static let kept: Set<String> = [
    "/v1/products", "/v1/products/{id}", "/v1/products/facets", "/v1/search", "/v1/categories", "/v1/categories/{id}/products",
  ]

  /// The till, and what shoppers look at after it.
  private static let ofCheckout: Set<String> = [
    "/v1/carts/{id}/complete", "/v1/carts/{id}/holds", "/v1/carts/{id}/quote", "/v1/orders/{id}", "/v1/orders/{id}/cancellations",
    "/v1/payments/{id}",
  ]
}
