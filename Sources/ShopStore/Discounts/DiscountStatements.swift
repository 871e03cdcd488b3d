import Postgres

/// The statements of discount codes.
enum DiscountStatements {
  // MARK: In carts

  /// An expression for all codes of the cart, in order, as `CartDiscountRows` reads them; NULL without any.
  ///
  /// In a function, since almost no cart has one: opening the tables of discounts would take longer than the rest of the statement.
  static func ofCart(_ cart: String) -> String {
    """
    CASE WHEN EXISTS (SELECT FROM sales.cart_discount_code x WHERE x.cart_id = \(cart).id)
         THEN sales.discounts_of_cart(\(cart).id, \(cart).currency, \(cart).email) END
    """
  }
  /// A code that a cart may not have yet; $3 in capitals.
  static let candidate = Statement(
    "discount_candidate",
    """
    SELECT sales.discount_in_cart(d, c.id, c.currency, c.email) FROM sales.cart c JOIN sales.discount_code d ON d.code = $3::text
     WHERE c.id = $1::uuid AND c.token_sha256 = $2::bytea
    """)

  // MARK: In checkout

  static let lockAll = Statement(
    "discounts_lock", "SELECT FROM sales.discount_code WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE")
  /// Uses codes up, for a payment that was written before: $1 cart, $2 payment, $3 e-mail, $4 currency, $5 codes, $6 amounts,
  /// both in the order in which they applied. A customer is an e-mail in small letters. Raises where a code has no use left. Locks
  /// codes by id, whatever their order.
  static let redeem = Statement(
    "discount_redeem",
    """
    WITH l AS (
      SELECT d.id, d.code, d.once_per_customer, t.amount, t.position
        FROM unnest($5::uuid[], $6::bigint[]) WITH ORDINALITY t (id, amount, position)
        JOIN sales.discount_code d ON d.id = t.id ORDER BY d.id FOR NO KEY UPDATE OF d),
    r AS (
      INSERT INTO sales.discount_redemption (discount_code_id, cart_id, payment_id, customer_key, position, code, currency, amount)
      SELECT id, $1::uuid, $2::uuid, CASE WHEN once_per_customer THEN lower($3::text) END, position::int, code, $4::text, amount
        FROM l)
    UPDATE sales.discount_code d SET used = d.used + 1 FROM l WHERE d.id = l.id
    """)
  /// An expression for the codes that an order has used, in order.
  static func ofOrder(_ order: String) -> String {
    "ARRAY(SELECT r.code FROM sales.discount_redemption r WHERE r.cart_id = \(order).cart_id ORDER BY r.position)"
  }

  // MARK: For the merchant

  /// For `DiscountRows.discount`.
  private static let columns = """
    d.id, d.code, d.kind, d.basis_points, d.starts_at, d.ends_at, d.usage_limit, d.used, d.once_per_customer, d.combinable, d.state,
    d.version, d.created_at, d.updated_at,
    (SELECT jsonb_agg(jsonb_build_object('currency', a.currency, 'amount', a.amount, 'minimum_subtotal', a.minimum_subtotal)
                      ORDER BY a.currency)
       FROM sales.discount_code_amount a WHERE a.discount_code_id = d.id)
    """
  static let byID = Statement("discount_by_id", "SELECT \(columns) FROM sales.discount_code d WHERE d.id = $1::uuid")
  static let lock = Statement(
    "discount_lock", "SELECT \(columns) FROM sales.discount_code d WHERE d.id = $1::uuid FOR NO KEY UPDATE OF d")
  /// Newest first: ids are in order of time.
  static let page = Statement(
    "discounts",
    """
    SELECT \(columns) FROM sales.discount_code d
     WHERE d.id < $1::uuid AND ($2::text IS NULL OR d.state = $2::text) AND ($3::text IS NULL OR d.code = $3::text)
     ORDER BY d.id DESC LIMIT $4::bigint
    """)
  static let insert = Statement(
    "discount_insert",
    """
    INSERT INTO sales.discount_code (id, basis_points, starts_at, ends_at, usage_limit, once_per_customer, combinable, state, code, kind)
    VALUES ($1::uuid, $2::int, $3::timestamptz, $4::timestamptz, $5::bigint, $6::boolean, $7::boolean, $8::text, $9::text, $10::text)
    """)
  static let update = Statement(
    "discount_update",
    """
    UPDATE sales.discount_code SET basis_points = $2::int, starts_at = $3::timestamptz, ends_at = $4::timestamptz,
           usage_limit = $5::bigint, once_per_customer = $6::boolean, combinable = $7::boolean, state = $8::text,
           version = version + 1, updated_at = now()
     WHERE id = $1::uuid
    """)
  static let deleteAmounts = Statement(
    "discount_delete_amounts", "DELETE FROM sales.discount_code_amount WHERE discount_code_id = $1::uuid")
  /// $2 currencies, $3 amounts, $4 minimum subtotals.
  static let insertAmounts = Statement(
    "discount_insert_amounts",
    """
    INSERT INTO sales.discount_code_amount (discount_code_id, currency, amount, minimum_subtotal)
    SELECT $1::uuid, a.* FROM unnest($2::text[], $3::bigint[], $4::bigint[]) a
    """)
}
