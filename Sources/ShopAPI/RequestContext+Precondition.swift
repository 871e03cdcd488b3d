import HTTP
import Shop

extension RequestContext {
  /// What `If-Match` asks of the present version; any will do where it is not sent.
  ///
  /// Refuses with `invalid_header` what is no list of tags.
  func precondition() throws(Refusal) -> VersionCondition {
    guard let field = request.head.combinedField("if-match") else { return .any }
    switch EntityTag.Condition(field) {
    case nil: throw .malformed(.invalidHeader, detail: "If-Match is * or a list of entity tags in quotes.")
    case .any: return .any
    // If-Match compares strongly: a weak tag, or one of something else, matches nothing.
    case .oneOf(let tags): return .oneOf(tags.compactMap { $0.isWeak ? nil : $0.version })
    }
  }

  /// As `precondition`, for changes that must say what they are based on: refuses with `preconditionRequired` where they do not.
  func requiredPrecondition() throws(Refusal) -> VersionCondition {
    guard request.field("if-match") != nil else { throw .preconditionRequired }
    return try precondition()
  }
}

extension EntityTag {
  /// Of what changes by versions.
  static func ofVersion(_ version: Int64) -> EntityTag { EntityTag("\(version)") }

  /// The version that `ofVersion` made it of.
  fileprivate var version: Int64? { Int64(opaque).flatMap { "\($0)" == opaque ? $0 : nil } }
}
