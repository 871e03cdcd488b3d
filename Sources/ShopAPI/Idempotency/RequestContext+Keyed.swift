import Crypto
import HTTP
import Shop
import ShopStore

extension RequestContext {
  /// The request as one that may be sent again; nil where it brings no `Idempotency-Key`.
  ///
  /// - Parameter lifetimeSeconds: how long its answer is kept.
  package func keyed(isRequired: Bool = false, lifetimeSeconds: Int64) throws(Refusal) -> KeyedRequest? {
    guard let key = try idempotencyKey(isRequired: isRequired) else { return nil }
    return KeyedRequest(
      principal: principal.scope, key: key.text, digest: requestDigest, lockUntil: now.adding(seconds: 15),
      expiresAt: now.adding(seconds: lifetimeSeconds))
  }
}

extension Principal {
  /// Whose keys are one another's: never the token itself, only its digest.
  package var scope: String {
    switch self {
    case .anonymous: "anonymous"
    case .admin: "admin"
    case .cart(let token): "cart:\(Base64URL.encode(SHA256.digest(token)))"
    }
  }
}

extension Response {
  /// An answer that may have been given before.
  package init(_ given: GivenAnswer) {
    let answer = given.answer
    self.init(Status(answer.status))
    if !answer.body.isEmpty {
      fields.append("Content-Type", answer.contentType)
      body = .bytes(answer.body)
    }
    if let location = answer.location { fields.append("Location", location) }
    fields.append("Cache-Control", "no-store")
    if given.isReplayed { fields.append("Idempotency-Replayed", "true") }
  }
}
