import Crypto
import Shop

extension RequestContext {
  /// The request's `Idempotency-Key`, nil where none is sent and none is required.
  ///
  /// Refuses with `missing_`, `invalid_` or `weak_idempotency_key`.
  package func idempotencyKey(isRequired: Bool) throws(Refusal) -> IdempotencyKey? {
    // Joined, so that a field that is sent twice is not quietly half read: a comma and a space are never part of a key.
    try IdempotencyKey.checked(
      field: request.head.combinedField("idempotency-key"), isRequired: isRequired, isAnonymous: principal == .anonymous)
  }

  /// SHA-256 over method, target and body: what must be the same in a retry.
  package var requestDigest: [UInt8] {
    var hash = SHA256()
    hash.update("\(request.method.name) \(request.path)?\(String(decoding: request.head.rawQuery ?? [], as: UTF8.self))\n")
    hash.update(request.body)
    return hash.finish()
  }
}
