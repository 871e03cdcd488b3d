import Admission
import ShopStore

/// A route's place at the door of its loop.
struct AdmittedRoute: Sendable {
  let admission: Admission
  /// Its number among the routes: its answers are compared with its own.
  let route: Int
  let priority: Priority

  /// Runs `body` when there is a place for it; throws `Overload` when there is none.
  func run<Value: Sendable>(deadline: Deadline, _ body: () async throws -> Value) async throws -> Value {
    try await admission.run(route, priority, deadline: deadline, isOverload: StoreFailure.tellsOfOverload) { permit in
      // Only what a provider may hold up asks for its permit later.
      guard priority == .checkout else { return try await body() }
      return try await Permit.$current.withValue(permit) { try await body() }
    }
  }
}
