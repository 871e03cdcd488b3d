import Crypto
import Shop
import ShopStore

extension RequestContext {
  /// The request as one that may be sent again; nil where it brings no `Idempotency-Key`.
  ///
  /// Refuses with `invalid_` or `weak_idempotency_key`.
  package func keyed() throws(Refusal) -> KeyedRequest? {
    // Joined, so that a field that is sent twice is not quietly half read: a comma and a space are never part of a key.
    guard let field = request.head.combinedField("idempotency-key") else { return nil }
    let key = try IdempotencyKey.checked(field: field, isAnonymous: principal == .anonymous)
    // A client that hears nothing by the deadline may come again, and so long after it nobody else is at it any more.
    let remaining = deadline.remaining() + CheckoutTime.settling
    return KeyedRequest(
      principal: principal.scope, key: key.text, digest: requestDigest,
      lockUntil: now.adding(milliseconds: Int64(remaining / .milliseconds(1))))
  }

  /// As `keyed`, for requests that move money, stock or orders: refuses with `missing_idempotency_key`, too.
  package func keyedAsRequired() throws(Refusal) -> KeyedRequest {
    guard let keyed = try keyed() else {
      throw .malformed(
        .missingIdempotencyKey, detail: "This request needs an Idempotency-Key, so that it can be retried safely.")
    }
    return keyed
  }

  /// SHA-256 over method, target and body: what must be the same in a retry.
  private var requestDigest: [UInt8] {
    var hash = SHA256()
    hash.update("\(request.method.name) \(request.path)?\(String(decoding: request.head.rawQuery ?? [], as: UTF8.self))\n")
    hash.update(request.body)
    return hash.finish()
  }
}

extension Principal {
  /// Whose keys are one another's: never the token itself, only its digest.
  fileprivate var scope: String {
    switch self {
    case .anonymous: "anonymous"
    case .admin: "admin"
    case .cart(let token): "cart:\(Base64URL.encode(SHA256.digest(token)))"
    }
  }
}
