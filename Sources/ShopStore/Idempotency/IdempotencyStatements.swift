import Postgres

/// The statements on `idempotency_key`; all that know the table are here.
enum IdempotencyStatements {
  /// One row when the key is the caller's from now on: whether it is new, or taken over from a request that was cut off.
  /// Another's insert of the same key is waited for.
  static let claim = claiming("idempotency_claim", "")
  /// As `claim`, with a cart locked before: $6 its id, $7 its token's hash. Checkout and settling lock a cart before its key, and with
  /// one key for two requests at once the other order would be a deadlock.
  static let claimBehindCart = claiming(
    "idempotency_claim_behind_cart",
    "FROM (SELECT count(*) FROM (SELECT FROM sales.cart WHERE id = $6::uuid AND token_sha256 = $7::bytea FOR NO KEY UPDATE) c) one"
  )

  private static func claiming(_ name: String, _ source: String) -> Statement {
    Statement(
      name,
      """
      INSERT INTO sales.idempotency_key AS k (principal, key, request_sha256, lock_until, expires_at)
      SELECT $1::text, $2::text, $3::bytea, $4::timestamptz, $5::timestamptz \(source)
      ON CONFLICT (principal, key) DO UPDATE SET lock_until = excluded.lock_until, request_sha256 = excluded.request_sha256,
             expires_at = excluded.expires_at, state = 'running', status = NULL, headers = NULL, body = NULL, encrypted = false,
             created_at = CASE WHEN k.expires_at < now() THEN now() ELSE k.created_at END
       WHERE k.expires_at < now() OR (k.state = 'running' AND k.lock_until < now() AND k.request_sha256 = excluded.request_sha256)
      RETURNING created_at = now()
      """)
  }
  /// For `IdempotencyRow`.
  private static func columns(_ key: String) -> String {
    """
    \(key).request_sha256, \(key).state, \(key).lock_until, \(key).status, \(key).headers->>'Location', \(key).headers->>'ETag',
    \(key).headers->>'Content-Type', \(key).body, \(key).encrypted
    """
  }
  static let read = Statement(
    "idempotency_read", "SELECT \(columns("k")) FROM sales.idempotency_key k WHERE k.principal = $1::text AND k.key = $2::text")
  /// Those of many requests that are there, each with its place among them, and whether its time and its lock are over.
  static let readAll = Statement(
    "idempotency_read_all",
    """
    SELECT \(columns("k")), a.place, k.expires_at < now(), k.lock_until < now()
      FROM \(ArrayRows.select("a", ["principal": "text", "key": "text", "place": "bigint"]))
      JOIN sales.idempotency_key k ON k.principal = a.principal AND k.key = a.key
    """)
  static let forget = Statement(
    "idempotency_forget",
    "DELETE FROM sales.idempotency_key WHERE principal = $1::text AND key = $2::text AND expires_at < now()")
  /// The columns of an answer, out of the six parameters from `first` on: status, location, tag, content type, body, whether it is
  /// sealed.
  static func outcome(from first: Int) -> String {
    outcome(
      status: "$\(first)::smallint", location: "$\(first + 1)::text", tag: "$\(first + 2)::text", type: "$\(first + 3)::text",
      body: "$\(first + 4)::bytea", isSealed: "$\(first + 5)::boolean")
  }
  static func outcome(
    status: String, location: String, tag: String, type: String, body: String, isSealed: String
  ) -> String {
    """
    state = 'done', status = \(status), body = \(body), encrypted = \(isSealed), headers =
    jsonb_strip_nulls(jsonb_build_object('Location', \(location), 'ETag', \(tag), 'Content-Type', \(type)))
    """
  }
  static let finish = Statement(
    "idempotency_finish", "UPDATE sales.idempotency_key SET \(outcome(from: 3)) WHERE principal = $1::text AND key = $2::text")
  /// $1 the payment whose request it is; $2 its cart, so that both forms have their parameters in one order.
  static let finishOfPayment = Statement(
    "idempotency_finish_of_payment",
    """
    UPDATE sales.idempotency_key k SET \(outcome(from: 3)) FROM sales.payment p
     WHERE p.id = $1::uuid AND p.cart_id = $2::uuid AND k.principal = p.idempotency_principal AND k.key = p.idempotency_key
       AND k.state = 'running'
    """)
  /// Half an answer was given: from now on a retry goes on from what is stored.
  static let yieldOfPayment = Statement(
    "idempotency_yield_of_payment",
    """
    UPDATE sales.idempotency_key k SET lock_until = now() FROM sales.payment p
     WHERE p.id = $1::uuid AND k.principal = p.idempotency_principal AND k.key = p.idempotency_key AND k.state = 'running'
    """)
  static let purge = Statement(
    "idempotency_purge",
    """
    DELETE FROM sales.idempotency_key WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM sales.idempotency_key WHERE expires_at < now() ORDER BY expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED))
    """)
}
