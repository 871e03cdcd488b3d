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
  static let taxRates = Statement(
    "checkout_tax_rates",
    """
    SELECT t.tax_class, coalesce(g.rate_ppm, t.rate_ppm) AS rate_ppm, t.inclusive, t.shipping_taxed
      FROM sales.cart c
      JOIN sales.tax_rate t ON t.country = coalesce(c.shipping_address->>'country', c.country)
      LEFT JOIN sales.tax_region_rate g
        ON g.country = t.country AND g.tax_class = t.tax_class AND g.region = upper(c.shipping_address->>'region')
     WHERE c.id = $1
    """)
  static let shippingRates = Statement(
    "checkout_shipping_rates",
    """
    SELECT m.id, m.title, r.up_to_g, r.amount
      FROM sales.cart c
      JOIN sales.shipping_rate r ON r.currency = c.currency AND r.zone_id = coalesce(
           (SELECT z.zone_id FROM sales.shipping_zone_country z WHERE z.country = coalesce(c.shipping_address->>'country', c.country)),
           'world')
      JOIN sales.shipping_method m ON m.id = r.method_id AND m.active
     WHERE c.id = $1
    """)
  static let orderOfCart = Statement("checkout_order_of_cart", "SELECT id FROM sales.orders WHERE cart_id = $1")
  // MARK: Stock

  static let lockStock = Statement(
    "checkout_lock_stock",
    """
    SELECT variant_id, location_id, on_hand, reserved, backorder_limit, version FROM sales.stock_level
     WHERE variant_id = ANY (ARRAY(SELECT variant_id FROM sales.cart_line WHERE cart_id = $1
                                   UNION SELECT variant_id FROM sales.reservation WHERE cart_id = $1 AND state IN ('held', 'paying')))
     ORDER BY variant_id, location_id FOR NO KEY UPDATE
    """)

  // MARK: First transaction

  static let complete = Statement(
    "checkout_complete",
    "UPDATE sales.cart SET state = 'completing', version = version + 1, updated_at = now() WHERE id = $1 AND state = 'active'")
  /// The payment and, where it costs anything, its first operation.
  static let insertPayment = Statement(
    "checkout_insert_payment",
    """
    WITH p AS (
      INSERT INTO sales.payment (id, cart_id, provider, currency, amount, checkout, idempotency_principal, idempotency_key, next_check_at)
      VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::bigint, $6::jsonb, $7::text, $8::text, $9::timestamptz)
      RETURNING id, amount, provider)
    INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider)
    SELECT $10::uuid, id, 'authorize', amount, provider FROM p WHERE amount > 0
    """)

  // MARK: Second transaction

  /// The order with its lines, out of `payment.checkout` alone: whoever finishes makes the same one. $3 is its number.
  static let insertOrder = Statement(
    "checkout_insert_order",
    """
    WITH o AS (
      INSERT INTO sales.orders (id, number, cart_id, currency, email, subtotal, discount, shipping, tax, tax_included, total,
                                shipping_address, billing_address, shipping_method_id, shipping_method_title)
      OVERRIDING SYSTEM VALUE
      SELECT $1::uuid, $3::bigint, p.cart_id, p.currency, p.checkout->>'email', t.subtotal, t.discount, t.shipping, t.tax,
             t.tax_included, t.total, nullif(p.checkout->'shipping_address', 'null'), nullif(p.checkout->'billing_address', 'null'),
             p.checkout->'shipping_method'->>'id', p.checkout->'shipping_method'->>'title'
        FROM sales.payment p
       CROSS JOIN jsonb_to_record(p.checkout->'totals')
             t (subtotal bigint, discount bigint, shipping bigint, tax bigint, tax_included bigint, total bigint)
       WHERE p.id = $2::uuid
      RETURNING id)
    INSERT INTO sales.order_line (id, order_id, position, variant_id, product_id, sku, title, options, quantity, unit_price, subtotal,
                                  discount, tax_class, tax_rate_ppm, tax, tax_included, total, requires_shipping)
    SELECT l.id, o.id, (row_number() OVER () - 1)::int, l.variant_id, l.product_id, l.sku, l.title, l.options, l.quantity,
           l.unit_price, l.subtotal, l.discount, l.tax_class, l.tax_rate_ppm, l.tax, l.tax_included, l.total, l.requires_shipping
      FROM o CROSS JOIN sales.payment p
     CROSS JOIN jsonb_to_recordset(p.checkout->'lines') l (id uuid, variant_id uuid, product_id uuid, sku text, title text,
           options jsonb, quantity int, unit_price bigint, subtotal bigint, discount bigint, tax_class text, tax_rate_ppm int,
           tax bigint, tax_included bigint, total bigint, requires_shipping boolean)
     WHERE p.id = $2::uuid
    """)
  static let commitHolds = Statement(
    "checkout_commit_holds",
    """
    WITH r AS (
      UPDATE sales.reservation SET state = 'committed', order_id = $2::uuid, updated_at = now() WHERE cart_id = $1::uuid AND state = 'paying')
    UPDATE sales.cart SET state = 'ordered', version = version + 1, updated_at = now() WHERE id = $1::uuid
    """)
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
