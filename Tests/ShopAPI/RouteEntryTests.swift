import HTTP
import ShopService
import Testing

@testable import ShopAPI

@Suite struct RouteEntryTests {
  /// By what comes first when not all can be let in. A new route has to be put here on purpose.
  private static let browsing: Set<String> = [
    "GET /v1/products", "GET /v1/products/{id}", "GET /v1/products/facets", "GET /v1/search", "GET /v1/categories",
    "GET /v1/categories/{id}/products", "POST /v1/carts",
  ]
  private static let shopping: Set<String> = [
    "GET /v1/carts/{id}", "DELETE /v1/carts/{id}", "POST /v1/carts/{id}/lines", "PATCH /v1/carts/{id}/lines/{line_id}",
    "DELETE /v1/carts/{id}/lines/{line_id}", "PUT /v1/carts/{id}/email", "PUT /v1/carts/{id}/shipping-address",
    "PUT /v1/carts/{id}/billing-address", "PUT /v1/carts/{id}/shipping-method", "POST /v1/carts/{id}/discount-codes",
    "DELETE /v1/carts/{id}/discount-codes/{code}", "GET /v1/carts/{id}/shipping-options",
  ]
  private static let checkout: Set<String> = [
    "POST /v1/carts/{id}/complete", "POST /v1/carts/{id}/holds", "GET /v1/carts/{id}/quote", "GET /v1/orders/{id}",
    "POST /v1/orders/{id}/cancellations", "GET /v1/payments/{id}",
  ]
  private static let open: Set<String> = [
    "GET /health", "GET /health/live", "GET /health/ready", "GET /health/deep", "GET /metrics", "GET /openapi.json",
  ]

  @Test func `every route knows its place`() throws {
    let routes = try RouteList.lines(.all).map { $0.split(separator: " ").prefix(2).map(String.init) }
    #expect(routes.count > 40)
    for route in routes {
      let name = route.joined(separator: " ")
      let method = try #require(Method.allCases.first { $0.name == route[0] })
      let expected: Route.Entry
      if Self.open.contains(name) {
        expected = .open
      } else if Self.browsing.contains(name) {
        expected = method == .get ? .whenBuilt(.browsing) : .atDoor(.browsing)
      } else if Self.checkout.contains(name) {
        expected = .atDoor(.checkout)
      } else {
        #expect(Self.shopping.contains(name) || route[1].hasPrefix("/v1/admin/"), "\(name) is new here")
        expected = .atDoor(.shopping)
      }
      #expect(Route.entry(method, route[1]) == expected, "\(name)")
    }
  }
}
