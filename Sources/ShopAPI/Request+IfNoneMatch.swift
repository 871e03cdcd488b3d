import HTTP

extension Request {
  /// Whether what the client keeps is still of this tag (`If-None-Match`, RFC 9110 section 13.1.2): the answer is then a 304.
  func alreadyHas(_ tag: EntityTag) -> Bool {
    head.combinedField("if-none-match").flatMap { EntityTag.Condition($0) }?.matchesWeakly(tag) ?? false
  }
}
