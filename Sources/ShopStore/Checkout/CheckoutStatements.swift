import Postgres

/// The statements of checkout. Locks are taken in one order everywhere: cart, stock levels by (variant, location), reservations.
enum CheckoutStatements {
  // MARK: The cart and all that decides

  static let cartColumns = """
    id, state, currency, country, email, customer_id, shipping_address, billing_address, shipping_method_id, version, expires_at,
    created_at, updated_at
    """
  static let lockCart = Statement(
    "checkout_lock_cart", "SELECT \(cartColumns) FROM sales.cart WHERE id = $1 AND token_sha256 = $2 FOR NO KEY UPDATE")
  static let lockCartByID = Statement("checkout_lock_cart_by_id", "SELECT state FROM sales.cart WHERE id = $1 FOR NO KEY UPDATE")
  /// The cart's discount codes are with the first line: here, and not with the cart, they are as the lock has found them.
  static let lines = Statement(
    "checkout_lines",
    """
    SELECT l.id, l.variant_id, l.quantity, o.product_id, o.sku, o.title, o.options, o.unit_amount, o.tax_class, o.weight_g,
           o.requires_shipping, o.sellable,
           CASE WHEN row_number() OVER (ORDER BY l.id) = 1 THEN \(DiscountStatements.ofCart("c")) END
      FROM sales.cart_line l JOIN sales.cart c ON c.id = l.cart_id
      LEFT JOIN catalogue.offer o ON o.variant_id = l.variant_id AND o.currency = c.currency
     WHERE l.cart_id = $1 ORDER BY l.id
    """)
  static let orderOfCart = Statement("checkout_order_of_cart", "SELECT id FROM sales.orders WHERE cart_id = $1")
  // MARK: Stock

  static let lockStock = Statement(
    "checkout_lock_stock",
    """
    SELECT variant_id, location_id, on_hand, reserved, backorder_limit, version FROM sales.stock_level
     WHERE variant_id = ANY (ARRAY(SELECT variant_id FROM sales.cart_line WHERE cart_id = $1
                                   UNION SELECT variant_id FROM sales.reservation WHERE cart_id = $1 AND \(HoldStatements.isOpen("reservation"))))
     ORDER BY variant_id, location_id FOR NO KEY UPDATE
    """)

  // MARK: First transaction

  static let complete = Statement(
    "checkout_complete",
    "UPDATE sales.cart SET state = 'completing', version = version + 1, updated_at = now() WHERE id = $1 AND state = 'active'")
  /// The payment and, where it costs anything, its first operation. Gives when that was, and the number of the order to come: one
  /// that is not paid for leaves a gap.
  static let insertPayment = Statement(
    "checkout_insert_payment",
    """
    WITH p AS (
      INSERT INTO sales.payment (id, cart_id, provider, currency, amount, checkout, idempotency_principal, idempotency_key, next_check_at)
      VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::bigint, $6::jsonb, $7::text, $8::text, $9::timestamptz)
      RETURNING id, amount, provider, created_at),
    o AS (
      INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider)
      SELECT $10::uuid, id, 'authorize', amount, provider FROM p WHERE amount > 0)
    SELECT created_at, nextval('sales.orders_number_seq') FROM p
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
