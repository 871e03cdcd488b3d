import Postgres

enum OrderStatements {
  static let columns = """
    o.id, o.number, o.cart_id, o.customer_id, o.status, o.currency, o.email, o.subtotal, o.discount, o.shipping, o.tax, o.tax_included,
    o.total, o.shipping_address, o.billing_address, o.shipping_method_id, o.shipping_method_title, o.version, o.created_at,
    \(DiscountStatements.ofOrder("o"))
    """
  static let byID = Statement(
    "order_by_id",
    """
    SELECT \(columns) FROM sales.orders o JOIN sales.cart c ON c.id = o.cart_id
     WHERE o.id = $1::uuid AND ($2::bytea IS NULL OR c.token_sha256 = $2::bytea)
    """)
  static let lock = Statement(
    "order_lock",
    """
    SELECT \(columns) FROM sales.orders o JOIN sales.cart c ON c.id = o.cart_id
     WHERE o.id = $1::uuid AND ($2::bytea IS NULL OR c.token_sha256 = $2::bytea) FOR NO KEY UPDATE OF o
    """)
  static let lines = Statement(
    "order_lines",
    """
    SELECT id, order_id, variant_id, product_id, sku, title, options, quantity, unit_price, subtotal, discount, tax_class, tax_rate_ppm,
           tax, tax_included, total, requires_shipping, cancelled, fulfilled, returned
      FROM sales.order_line WHERE order_id = ANY ($1::uuid[]) ORDER BY order_id, position
    """)
  static let paymentColumns = """
    p.id, p.cart_id, p.order_id, p.provider, p.state, p.currency, p.amount, p.authorized, p.captured, p.refunded, p.voided,
    p.next_action, p.created_at, p.version
    """
  static let payments = Statement(
    "order_payments",
    "SELECT \(paymentColumns) FROM sales.payment p WHERE p.order_id = ANY ($1::uuid[]) ORDER BY p.created_at, p.id")
  static let paymentByID = Statement(
    "payment_by_id",
    """
    SELECT \(paymentColumns) FROM sales.payment p JOIN sales.cart c ON c.id = p.cart_id
     WHERE p.id = $1::uuid AND ($2::bytea IS NULL OR c.token_sha256 = $2::bytea)
    """)
  private static func page(_ comparison: String, _ direction: String) -> String {
    """
    SELECT \(columns) FROM sales.orders o
     WHERE (o.created_at, o.id) \(comparison) ($1::timestamptz, $2::uuid) AND ($4::text IS NULL OR o.status = $4::text)
     ORDER BY o.created_at \(direction), o.id \(direction) LIMIT $3::int
    """
  }
  static let pageAfter = Statement("orders_after", page("<", "DESC"))
  static let pageBefore = Statement("orders_before", page(">", "ASC"))

  // MARK: Cancellation

  /// Read by the trigger that writes the order's history.
  static let setActor = Statement(
    "order_set_actor", "SELECT set_config('shop.actor', $1::text, true), set_config('shop.reason', $2::text, true)")
  static let cancel = Statement(
    "order_cancel",
    """
    UPDATE sales.orders SET status = 'cancelled', version = version + 1, updated_at = now()
     WHERE id = $1::uuid AND version = $2::bigint AND status <> 'cancelled'
    """)
  static let cancelLines = Statement(
    "order_cancel_lines", "UPDATE sales.order_line SET cancelled = quantity - fulfilled WHERE order_id = $1")
}
