import Postgres

/// The statements of checkout. Locks are taken in one order everywhere: cart, stock levels by (variant, location), reservations.
enum CheckoutStatements {
  // MARK: The cart and all that decides

  /// $1 carts, $2 their tokens' hashes.
  static let lockCarts = Statement(
    "checkout_lock_carts",
    """
    SELECT c.id, c.state, c.currency, c.country, c.email, c.customer_id, c.shipping_address, c.billing_address, c.shipping_method_id,
           c.version, c.expires_at, c.created_at, c.updated_at
      FROM \(ArrayRows.select("a", ["id": "uuid", "token": "bytea"]))
      JOIN sales.cart c ON c.id = a.id AND c.token_sha256 = a.token
     ORDER BY c.id FOR NO KEY UPDATE OF c
    """)
  static let lockCartsByID = Statement(
    "checkout_lock_carts_by_id",
    """
    SELECT FROM \(ArrayRows.select("a", ["id": "uuid"])) JOIN sales.cart c ON c.id = a.id ORDER BY c.id FOR NO KEY UPDATE OF c
    """)
  /// The lines of $1 carts, each with its cart's discount codes, as `CartStatements.lines`: without lines a row with the codes alone.
  /// Codes are read here and not with the cart, so that they are as the lock has found them.
  static let lines = Statement(
    "checkout_lines",
    """
    SELECT c.id, d.codes, l.id, l.variant_id, l.quantity, o.product_id, o.sku, o.title, o.options, o.unit_amount, o.tax_class,
           o.weight_g, o.requires_shipping, o.sellable
      FROM \(ArrayRows.select("a", ["id": "uuid"])) JOIN sales.cart c ON c.id = a.id
     CROSS JOIN LATERAL (SELECT \(DiscountStatements.ofCart("c")) AS codes OFFSET 0) d
      LEFT JOIN sales.cart_line l ON l.cart_id = c.id
      LEFT JOIN catalogue.offer o ON o.variant_id = l.variant_id AND o.currency = c.currency
     ORDER BY c.id, l.id
    """)
  static let orderOfCart = Statement("checkout_order_of_cart", "SELECT id FROM sales.orders WHERE cart_id = $1")
  // MARK: Stock

  static let lockStock = Statement(
    "checkout_lock_stock",
    """
    SELECT variant_id, location_id, on_hand, reserved, backorder_limit, version FROM sales.stock_level
     WHERE variant_id = ANY (ARRAY(
             SELECT l.variant_id FROM \(ArrayRows.select("a", ["id": "uuid"])) JOIN sales.cart_line l ON l.cart_id = a.id
             UNION
             SELECT r.variant_id FROM \(ArrayRows.select("a", ["id": "uuid"])) JOIN sales.reservation r ON r.cart_id = a.id
              WHERE \(HoldStatements.isOpen("r"))))
     ORDER BY variant_id, location_id FOR NO KEY UPDATE
    """)

  // MARK: First transaction

  static let complete = Statement(
    "checkout_complete",
    """
    UPDATE sales.cart c SET state = 'completing', version = c.version + 1, updated_at = now()
      FROM \(ArrayRows.select("a", ["id": "uuid"])) WHERE c.id = a.id AND c.state = 'active'
    """)
  private static let payments = ArrayRows.select(
    "a",
    [
      "id": "uuid", "cart": "uuid", "provider": "text", "currency": "text", "amount": "bigint", "checkout": "bytea",
      "principal": "text", "key": "text", "lock_until": "timestamptz", "operation": "uuid", "digest": "bytea",
      "is_new": "boolean",
    ])
  /// Payments and, where they cost anything, their first operations; the keys of their requests with them, where $12 says that a key
  /// is new. Gives when that was, and the number of the order to come: one that is not paid for leaves a gap. Raises where a key is
  /// taken.
  static let insertPayments = Statement(
    "checkout_insert_payments",
    """
    WITH a AS MATERIALIZED (
      SELECT * FROM \(payments)),
    k AS (
      INSERT INTO sales.idempotency_key (principal, key, request_sha256, lock_until, expires_at)
      SELECT principal, key, digest, lock_until, $13::timestamptz FROM a WHERE is_new),
    p AS (
      INSERT INTO sales.payment (id, cart_id, provider, currency, amount, checkout, idempotency_principal, idempotency_key, next_check_at)
      SELECT id, cart, provider, currency, amount, convert_from(checkout, 'UTF8')::jsonb, principal, key, lock_until FROM a
      RETURNING id, created_at),
    o AS (
      INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider)
      SELECT operation, id, 'authorize', amount, provider FROM a WHERE amount > 0)
    SELECT id, created_at, nextval('sales.orders_number_seq') FROM p
    """)

  // MARK: Second transaction

  static let announce = Statement(
    "outbox_insert",
    """
    INSERT INTO sales.outbox (id, aggregate, aggregate_id, aggregate_version, type, payload)
    VALUES ($1::uuid, 'order', $2::uuid, $3::bigint, $4::text, $5::jsonb)
    """)
  static let reopenCart = Statement(
    "checkout_reopen_cart",
    "UPDATE sales.cart SET state = 'active', version = version + 1, updated_at = now() WHERE id = $1 AND state = 'completing'")
}
