import Crypto
import HTTP
import Shop
import ShopStore

extension Response {
  /// An answer that was kept with its key, given for the first time or again.
  init(_ answer: KeptAnswer, isReplayed: Bool = false) {
    self.init(
      Status(answer.status),
      contentType: answer.contentType == "application/json" ? "application/json" : "application/problem+json", answer.body)
    if let location = answer.location { fields.append("Location", location) }
    fields.append("Cache-Control", "no-store")
    if isReplayed { fields.append("Idempotency-Replayed", "true") }
  }
}

extension RequestContext {
  /// SHA-256 of the cart token that the request brings; nil for an admin, who needs none.
  var cartTokenDigest: [UInt8]? {
    guard case .cart(let token) = principal else { return nil }
    return SHA256.digest(token)
  }

  /// The key that this request must have, in the scope of who asks.
  func keyedRequest(lockedFor lock: Duration, keptFor lifetime: Duration) throws -> KeyedRequest {
    guard let key = try idempotencyKey(isRequired: true) else { throw Refusal.notFound }
    return KeyedRequest(
      principal: principal.scope, key: key.text, digest: requestDigest,
      lockUntil: now.adding(milliseconds: lock.components.seconds * 1_000 + 5_000),
      expiresAt: now.adding(seconds: lifetime.components.seconds))
  }
}
