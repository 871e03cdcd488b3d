import Testing

@testable import ShopService

@Suite struct RoleTests {
  private func paths(_ role: Role) throws -> [String] {
    try RouteList.lines(role).map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test func `the roles share out all routes, and only health, metrics and the document belong to each`() throws {
    let all = try paths(.all)
    let parts = try Role.allCases.filter { $0 != .all }.map { try paths($0) }
    #expect(Set(parts.joined()) == Set(all))
    let everywhere = all.filter { route in parts.allSatisfy { $0.contains(route) } }
    #expect(everywhere.allSatisfy { !$0.contains("/v1/") })
    for route in all where !everywhere.contains(route) {
      #expect(parts.filter { $0.contains(route) }.count == 1, "\(route)")
    }
  }

  @Test func `what each role serves`() throws {
    let product = try paths(.product)
    let order = try paths(.order)
    for route in ["GET /v1/products anyone", "GET /v1/search anyone", "POST /v1/admin/products admin"] {
      #expect(product.contains(route) && !order.contains(route), "\(route)")
    }
    for route in [
      "POST /v1/carts/{id}/complete cart", "POST /v1/admin/stock-adjustments admin", "GET /v1/orders/{id} cartOrAdmin",
    ] {
      #expect(order.contains(route) && !product.contains(route), "\(route)")
    }
  }
}
