import HTTP
import ShopStore

extension Response {
  /// An answer to a write, given for the first time or again.
  init(_ given: GivenAnswer) {
    let answer = given.answer
    self.init(Status(answer.status))
    if !answer.body.isEmpty {
      fields.append("Content-Type", answer.contentType)
      body = .bytes(answer.body)
    }
    if let location = answer.location { fields.append("Location", location) }
    if let tag = answer.tag { fields.append("ETag", tag) }
    fields.append("Cache-Control", "no-store")
    if given.isReplayed { fields.append("Idempotency-Replayed", "true") }
  }
}
