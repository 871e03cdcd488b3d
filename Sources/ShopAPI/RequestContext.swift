import HTTP
import Shop
import ShopStore

/// What a handler knows about the request that it answers.
package struct RequestContext: Sendable {
  package let request: Request
  /// Percent-decoded, in the order of the pattern's braces.
  package let parameters: [String]
  package let id: RequestID
  package let principal: Principal
  package let deadline: Deadline
  package let now: Timestamp
  /// Where what has to be built asks to be let in; nil where that was asked already, or need not be.
  var door: AdmittedRoute?

  /// Runs what asks the database for an answer that others kept for it.
  func admitted<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    guard let door else { return try await body() }
    return try await door.run(deadline: deadline, body)
  }

  /// The id in the path's `{…}`; malformed ones are as unknown as any (api: 404 for both).
  package func identifier<Kind>(
    _ index: Int = 0, _ kind: Identifier<Kind>.Type = Identifier<Kind>.self
  ) throws(Refusal) -> Identifier<Kind> {
    guard index < parameters.count, let id = Identifier<Kind>(parameters[index]) else { throw .notFound }
    return id
  }
}

/// Who asks.
package enum Principal: Sendable, Equatable {
  case anonymous
  /// Whoever holds a cart's token; which cart it opens is found by its hash.
  case cart(token: String)
  case admin
}
