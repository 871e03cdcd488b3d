extension Route {
  /// All that the route reads beside its body: from its pattern, from what it declares, and from what follows from that.
  var parameters: [Parameter] {
    var parameters = Parameter.path(pattern) + documentation.query
    if documentation.answers.contains(where: { $0.status == 304 }) { parameters.append(.ifNoneMatch) }
    if documentation.precondition != .ignored {
      parameters.append(.ifMatch(isRequired: documentation.precondition == .required))
    }
    if documentation.key != .ignored {
      parameters.append(.idempotencyKey(isRequired: documentation.key == .required, isAnonymous: access == .anyone))
    }
    return parameters
  }
}
