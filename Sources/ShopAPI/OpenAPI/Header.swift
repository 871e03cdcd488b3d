import JSON

/// A header field of an answer.
package struct Header: Sendable {
  let name: String
  let schema: Schema
  let note: String
  /// Whether every answer of this status has it.
  let isAlwaysThere: Bool

  package init(_ name: String, _ schema: Schema, _ note: String, isAlwaysThere: Bool = true) {
    self.name = name
    self.schema = schema
    self.note = note
    self.isAlwaysThere = isAlwaysThere
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("description")
      json.string(note)
      json.key("required")
      json.bool(isAlwaysThere)
      json.key("schema")
      schema.write(to: &json)
    }
  }
}

extension Header {
  package static let entityTag = Header("ETag", .text(pattern: "^\"[!#-~]*\"$"), "The entity tag of this version.")
  package static let cacheControl = Header("Cache-Control", .text(), "Who may keep the answer, and for how long.")
  package static let location = Header("Location", .text(pattern: "^/"), "Where what was made is.")
  package static let links = Header("Link", .text(), "The other pages, as `next` and `prev`.", isAlwaysThere: false)
  package static let replayed = Header(
    "Idempotency-Replayed", .words(["true"]), "The answer of an earlier request with the same key.", isAlwaysThere: false)
  package static let retryAfter = Header("Retry-After", .integer(1...3_600), "When to try again, in seconds.")
  package static let challenge = Header("WWW-Authenticate", .text(), "The scheme of the credential that is needed.")
  package static let requestID = Header("X-Request-Id", .text(), "What the log knows the request by.")
}
