import HTTP
import Shop

extension RequestContext {
  /// What `If-Match` asks of the present version (RFC 9110 section 13.1.1); refuses with `preconditionRequired` when it is missing
  /// and with `invalid_header` when it is no list of tags.
  func versionPrecondition() throws(Refusal) -> @Sendable (Int64) -> Bool {
    guard let field = request.head.combinedField("if-match") else { throw .preconditionRequired }
    guard let condition = EntityTag.Condition(field) else {
      throw .malformed(.invalidHeader, detail: "If-Match is * or a list of entity tags in quotes.")
    }
    return { condition.matchesStrongly(.ofVersion($0)) }
  }
}

extension EntityTag {
  /// Of what an admin changes: its version.
  static func ofVersion(_ version: Int64) -> EntityTag { EntityTag("\(version)") }
}
