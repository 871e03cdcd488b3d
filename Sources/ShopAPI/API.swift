import Admission
import Crypto
import HTTP
import Shop
import ShopStore

/// The shop's API on one loop: finds the route, who asks and what they may, and turns whatever goes wrong into a problem.
package final class API: Sendable {
  /// How long each kind of route may take, from the last byte of the request.
  package struct Budgets: Sendable {
    package let read: Duration
    package let write: Duration
    package let checkout: Duration

    package init(read: Duration, write: Duration, checkout: Duration) {
      self.read = read
      self.write = write
      self.checkout = checkout
    }
  }

  /// How many content bytes a request may have.
  package struct BodyLimits: Sendable {
    package let anyone: Int
    /// On admin routes, of who holds an admin key: a stranger cannot make the shop keep so much.
    package let admin: Int

    package init(anyone: Int, admin: Int) {
      self.anyone = anyone
      self.admin = admin
    }
  }

  /// An answer, and the place of its route in `routes`: `unrouted` where none was found.
  package struct Answer: Sendable {
    package let response: Response
    package let route: Int
    /// What the log should know of a fault that the client is not told.
    package let fault: (any Error)?
  }

  package let routes: [Route]
  package static let unrouted = -1
  private let router: Router<Int>
  private let credentials: Credentials
  private let budgets: Budgets
  /// How each route is let in.
  private let entries: [Route.Entry]
  /// Nil: everything is let in.
  private let admission: Admission?
  private let clock: any WallClock

  package init(
    routes: [Route], credentials: Credentials, budgets: Budgets, admission: Admission? = nil, clock: any WallClock
  ) {
    self.routes = routes
    entries = routes.map(\.entry)
    self.admission = admission
    self.credentials = credentials
    self.budgets = budgets
    self.clock = clock
    var router = Router<Int>()
    for (index, route) in routes.enumerated() { router.add(route.method, route.pattern, index) }
    self.router = router
  }

  /// Answers `request`; never throws.
  package func respond(to request: Request, id: RequestID, received: Deadline) async -> Answer {
    if request.head.isAsteriskForm { return Answer(response: Self.options(router.methods), route: Self.unrouted, fault: nil) }
    switch router.match(request.method, path: request.head.rawPath) {
    case .notFound: return failed(Refusal.notFound, request, id, Self.unrouted)
    case .wrongMethod(let allowed):
      guard request.method == .options else {
        return Answer(response: ErrorMap.methodNotAllowed(allowed, request, id), route: Self.unrouted, fault: nil)
      }
      return Answer(response: Self.options(allowed), route: Self.unrouted, fault: nil)
    case .found(let index, let parameters):
      let route = routes[index]
      do {
        let principal = try credentials.principal(of: request.head)
        try credentials.check(route.access, principal, request)
        if route.documentation.query.isEmpty, request.head.rawQuery != nil { try QueryParameters(request).finish() }
        var context = RequestContext(
          request: request, parameters: parameters, id: id, principal: principal,
          deadline: .after(budget(of: route), from: received),
          now: clock.now)
        if let admission {
          switch entries[index] {
          case .open: break
          case .whenBuilt(let priority):
            context.door = AdmittedRoute(admission: admission, route: index, priority: priority)
          case .atDoor(let priority):
            let door = AdmittedRoute(admission: admission, route: index, priority: priority)
            return Answer(
              response: try await door.run(deadline: context.deadline) { [context] in try await route.handler(context) },
              route: index, fault: nil)
          }
        }
        return Answer(response: try await route.handler(context), route: index, fault: nil)
      } catch {
        if let overload = error as? Overload {
          return failed(Refusal.overloaded(retryAfter: overload.retryAfter), request, id, index)
        }
        return failed(StoreFailure.refusal(for: error) ?? error, request, id, index)
      }
    }
  }

  /// How many content bytes a request with this head may have, before any of them is read.
  package func bodyLimit(for head: RequestHead, _ limits: BodyLimits) -> Int {
    guard limits.admin > limits.anyone, case .found(let index, _) = router.match(head.method, path: head.rawPath),
      routes[index].access == .admin, case .admin? = try? credentials.principal(of: head)
    else { return limits.anyone }
    return limits.admin
  }

  private func budget(of route: Route) -> Duration {
    switch route.budget {
    case .read: budgets.read
    case .write: budgets.write
    case .checkout: budgets.checkout
    }
  }

  private func failed(_ error: any Error, _ request: Request, _ id: RequestID, _ route: Int) -> Answer {
    Answer(response: ErrorMap.response(for: error, request, id), route: route, fault: ErrorMap.isExpected(error) ? nil : error)
  }

  /// What OPTIONS answers (RFC 9110, section 9.3.7).
  private static func options(_ allowed: [Method]) -> Response {
    var response = Response(204)
    response.fields.append("Allow", allowed.map(\.name).joined(separator: ", "))
    return response
  }
}
