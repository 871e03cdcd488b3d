import Postgres

/// The statements that bring a payment to its end. Whoever decides one, or writes a void down before it is decided, locks its cart
/// first.
enum PaymentStatements {
  /// As the index of payments to check has it: for looking through them all.
  private static func isPending(_ payment: String) -> String {
    "\(payment).state IN ('authorizing', 'requires_action', 'unknown')"
  }
  /// The same of a payment that is found by its key. Said so that the index of payments to check does not serve it: every payment
  /// was in there once, and until a vacuum its planner takes it for empty and reads through all that have left it.
  static func isUndecided(_ payment: String) -> String { "\(payment).state NOT IN ('authorized', 'failed', 'voided')" }
  private static func isOpenVoid(_ operation: String) -> String {
    "\(operation).kind = 'void' AND \(operation).state IN ('pending', 'unknown')"
  }
  /// Of the payment `p`.
  static let isBeingVoided =
    "EXISTS (SELECT FROM sales.payment_operation v WHERE v.payment_id = p.id AND \(isOpenVoid("v")))"

  /// For `PaymentRows.attempt`.
  private static let attempt = """
    p.id, p.cart_id, (SELECT a.id FROM sales.payment_operation a WHERE a.payment_id = p.id AND a.kind = 'authorize'),
    p.provider, p.currency, p.amount, p.created_at, p.state, p.attempts
    """
  static let pendingOfCart = Statement(
    "payment_pending_of_cart",
    """
    SELECT \(attempt), p.idempotency_principal, p.idempotency_key FROM sales.payment p WHERE p.cart_id = $1::uuid AND \(isUndecided("p"))
    """)

  // MARK: Settling

  /// What settling is decided on. With $2 also the number of the order to come, which is drawn only where there will be one.
  ///
  /// The cart must be locked by an earlier statement: then this one's snapshot has every void that was written before.
  static let lock = Statement(
    "payment_lock",
    """
    SELECT p.state, \(isBeingVoided), p.currency, p.checkout, p.created_at,
           CASE WHEN $2::boolean AND \(isUndecided("p")) THEN nextval('sales.orders_number_seq') END
      FROM sales.payment p WHERE p.id = $1::uuid FOR NO KEY UPDATE
    """)
  static let fail = Statement(
    "payment_fail",
    """
    WITH f AS (
      UPDATE sales.payment_operation SET state = 'failed', error_code = $2::text, finished_at = now()
       WHERE payment_id = $1::uuid AND kind = 'authorize' AND state IN ('pending', 'unknown'))
    UPDATE sales.payment SET state = 'failed', decline_code = $2::text, next_action = NULL, next_check_at = NULL, version = version + 1,
           updated_at = now()
     WHERE id = $1::uuid
    """)
  /// What failed has reserved money all the same. Its operation stays failed, and is told what the provider calls it.
  static let reserveLate = Statement(
    "payment_reserve_late",
    """
    WITH f AS (UPDATE sales.payment_operation SET reference = $2::text WHERE payment_id = $1::uuid AND kind = 'authorize')
    UPDATE sales.payment SET authorized = amount, version = version + 1, updated_at = now() WHERE id = $1::uuid
    """)

  /// What fails together is not asked for together again.
  private static func soon(_ parameter: String) -> String {
    "now() + \(parameter)::bigint * (0.75 + random() / 2) * interval '1 second'"
  }
  /// Null for the action leaves the one that the shopper was told of.
  static let wait = Statement(
    "payment_wait",
    """
    WITH f AS (
      UPDATE sales.payment_operation SET state = 'unknown', reference = coalesce($5::text, reference)
       WHERE payment_id = $1::uuid AND kind = 'authorize' AND state IN ('pending', 'unknown'))
    UPDATE sales.payment SET state = $2::text, next_action = coalesce($3::jsonb, next_action), next_check_at = \(soon("$4")),
           version = version + 1, updated_at = now()
     WHERE id = $1::uuid
    """)

  // MARK: Reconciliation

  /// Claims by moving the next check $2 seconds on. One that is being voided is left to its void.
  static let claim = Statement(
    "payments_claim",
    """
    UPDATE sales.payment p SET next_check_at = now() + $2::bigint * interval '1 second', attempts = p.attempts + 1
      FROM (SELECT p.id FROM sales.payment p WHERE \(isPending("p")) AND p.next_check_at < now() AND NOT \(isBeingVoided)
             ORDER BY p.next_check_at LIMIT $1::int FOR NO KEY UPDATE SKIP LOCKED) due
     WHERE p.id = due.id
    RETURNING \(attempt)
    """)
  static let checkLater = Statement(
    "payment_check_later",
    "UPDATE sales.payment p SET next_check_at = \(soon("$2")) WHERE p.id = $1::uuid AND \(isUndecided("p"))")

  // MARK: Voids

  /// Asked for from $3 on; nothing where one is open already.
  static let insertVoid = Statement(
    "payment_insert_void",
    """
    INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider, next_check_at)
    SELECT $1::uuid, p.id, 'void', coalesce(nullif(p.authorized - p.captured - p.voided, 0), p.amount), p.provider,
           coalesce($3::timestamptz, now())
      FROM sales.payment p WHERE p.id = $2::uuid
    ON CONFLICT (payment_id) WHERE kind = 'void' AND state IN ('pending', 'unknown') DO NOTHING
    """)
  static let voidsOfOrder = Statement(
    "payment_voids_of_order",
    """
    SELECT \(attempt), v.id, v.attempts FROM sales.payment p JOIN sales.payment_operation v ON v.payment_id = p.id
     WHERE p.order_id = $1::uuid AND \(isOpenVoid("v"))
    """)
  static let claimVoids = Statement(
    "payment_claim_voids",
    """
    UPDATE sales.payment_operation v SET next_check_at = now() + $2::bigint * interval '1 second', attempts = v.attempts + 1
      FROM (SELECT v.id FROM sales.payment_operation v WHERE \(isOpenVoid("v")) AND v.next_check_at < now()
             ORDER BY v.next_check_at LIMIT $1::int FOR NO KEY UPDATE SKIP LOCKED) due,
           sales.payment p
     WHERE v.id = due.id AND p.id = v.payment_id
    RETURNING \(attempt), v.id, v.attempts
    """)
  static let voidLater = Statement(
    "payment_void_later",
    "UPDATE sales.payment_operation v SET next_check_at = \(soon("$2")) WHERE v.id = $1::uuid AND \(isOpenVoid("v"))")
  /// A payment that had reserved nothing stays failed.
  static let didVoid = Statement(
    "payment_did_void",
    """
    WITH o AS (
      UPDATE sales.payment_operation v SET state = 'succeeded', finished_at = now() WHERE v.id = $1::uuid AND \(isOpenVoid("v"))
      RETURNING v.payment_id)
    UPDATE sales.payment p SET state = 'voided', voided = p.authorized - p.captured - p.capturing, version = p.version + 1,
           updated_at = now()
      FROM o WHERE p.id = o.payment_id AND p.authorized > p.captured + p.capturing + p.voided
    """)
}
