import HTTP
import Shop
import ShopStore

/// One line of the route map.
package struct Route: Sendable {
  package typealias Handler = @Sendable (RequestContext) async throws -> Response

  /// Who may call it at all; what of it they may see is the handler's to check, per object.
  package enum Access: Sendable {
    case anyone
    case cart
    /// A cart's token for what came of that cart, or an admin.
    case cartOrAdmin
    case admin
    /// Callers that hold the origin secret: a region's failover check.
    case origin
  }

  /// How long it may take.
  package enum Budget: Sendable { case read, write, checkout }

  package let method: Method
  package let pattern: String
  package let documentation: RouteDocumentation
  package let access: Access
  package let budget: Budget
  package let handler: Handler

  package init(
    _ method: Method, _ pattern: String, _ documentation: RouteDocumentation, _ access: Access = .anyone,
    _ budget: Budget? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.documentation = documentation
    self.access = access
    self.budget = budget ?? (method == .get ? .read : .write)
    self.handler = handler
  }

  /// The same route, after whose writes no kept catalogue answer from before is given any more: those that succeeded, and those of
  /// which nobody knows.
  package func invalidating(_ cache: ResponseCache) -> Route {
    guard !method.isSafe else { return self }
    return Route(method, pattern, documentation, access, budget) { [handler] context in
      do {
        let response = try await handler(context)
        await cache.invalidate()
        return response
      } catch {
        if StoreFailure.mayHaveCommitted(error) { await cache.invalidate() }
        throw error
      }
    }
  }
}
