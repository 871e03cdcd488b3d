import Postgres

/// The statements of carts. A change is one statement that opens, checks, writes, and gives the cart as it is then; without a row,
/// nothing was changed.
enum CartStatements {
  private static let ownColumns = """
    c.id, c.state, c.currency, c.country, c.email, c.customer_id, c.shipping_address, c.billing_address, c.shipping_method_id,
    c.version, c.expires_at, c.created_at, c.updated_at
    """
  private static let columns =
    "\(ownColumns), CASE WHEN c.state = 'ordered' THEN (SELECT o.id FROM sales.orders o WHERE o.cart_id = c.id) END"
  /// As `columns`, of a cart that is being changed: it has no order yet.
  private static let changedColumns = "\(ownColumns), NULL::uuid"

  static let insert = Statement(
    "cart_insert",
    """
    INSERT INTO sales.cart AS c (id, token_sha256, currency, country, expires_at)
    VALUES ($1::uuid, $2::bytea, $3::text, $4::text, $5::timestamptz) RETURNING \(changedColumns)
    """)

  static let open = Statement(
    "cart_open", "SELECT \(columns) FROM sales.cart c WHERE c.id = $1::uuid AND c.token_sha256 = $2::bytea")
  static let lock = Statement(
    "cart_lock", "SELECT \(columns) FROM sales.cart c WHERE c.id = $1::uuid AND c.token_sha256 = $2::bytea FOR NO KEY UPDATE")
  /// The lines, each with the cart's discount codes; without lines a row with the codes alone. Codes are read here and not with the
  /// cart, so that who waited for its lock sees what the one before has done to them.
  ///
  /// The token is asked again: statements of one trip do not know each other's answers.
  static let lines = lines("cart_lines", "sales.cart c", "WHERE c.id = $1::uuid AND c.token_sha256 = $2::bytea")
  /// As `lines`, of $1 carts, opened before: each row has its cart's id behind it.
  static let linesOfMany = lines(
    "cart_lines_of_many", "\(ArrayRows.select("asked", ["id": "uuid"])) JOIN sales.cart c ON c.id = asked.id", "")

  private static func lines(_ name: String, _ carts: String, _ condition: String) -> Statement {
    Statement(
      name,
      """
      SELECT l.id, l.variant_id, l.quantity, o.product_id, o.sku, o.title, o.options, o.unit_amount, o.tax_class, o.weight_g,
             o.requires_shipping, o.sellable, coalesce(a.state, 'out'), d.codes, c.id
        FROM \(carts) CROSS JOIN LATERAL (SELECT \(DiscountStatements.ofCart("c")) AS codes OFFSET 0) d
        LEFT JOIN sales.cart_line l ON l.cart_id = c.id
        LEFT JOIN catalogue.offer o ON o.variant_id = l.variant_id AND o.currency = c.currency
        LEFT JOIN catalogue.availability a ON a.variant_id = l.variant_id
       \(condition) ORDER BY l.id
      """)
  }
  /// What could be ordered of each variant in the cart, backorder included; unlocked, for the quote.
  static let available = Statement(
    "cart_available",
    """
    SELECT s.variant_id, sum(s.on_hand + s.backorder_limit - s.reserved)::bigint
      FROM sales.stock_level s
     WHERE s.variant_id = ANY (ARRAY(SELECT l.variant_id FROM sales.cart_line l WHERE l.cart_id = $1::uuid)) GROUP BY s.variant_id
    """)
  /// Pieces that the cart itself holds, which are taken for others only.
  static let held = Statement(
    "cart_held",
    """
    SELECT variant_id, sum(quantity)::bigint FROM sales.reservation
     WHERE cart_id = $1::uuid AND \(HoldStatements.isOpen("reservation")) GROUP BY variant_id
    """)
  static let offer = Statement(
    "cart_offer",
    """
    SELECT o.currency, o.product_id, o.sku, o.title, o.options, o.unit_amount, o.tax_class, o.weight_g, o.requires_shipping, o.sellable
      FROM catalogue.offer o WHERE o.variant_id = $1::uuid ORDER BY (o.currency = $2::text) DESC LIMIT 1
    """)

  // MARK: Changes

  /// $1 cart, $2 token's hash, $3 versions of If-Match or null.
  private static let isOpen = """
    c.id = $1::uuid AND c.token_sha256 = $2::bytea AND c.state = 'active' AND c.expires_at > now()
       AND ($3::bigint[] IS NULL OR c.version = ANY ($3::bigint[]))
    """
  /// An expiry before $4 moves to $5. It is in an index: moved an hour at a time, most changes stay within their page.
  private static let touched = touched(before: "$4", to: "$5")
  private static func touched(before soon: String, to later: String) -> String {
    """
    version = c.version + 1, updated_at = now(),
    expires_at = CASE WHEN c.expires_at < \(soon)::timestamptz THEN \(later)::timestamptz ELSE c.expires_at END
    """
  }

  private static let additions = ArrayRows.select(
    "a",
    ["cart": "uuid", "token": "bytea", "versions": "text", "new_line": "uuid", "new_variant": "uuid", "new_quantity": "int"])
  /// Lines of different carts. $1 carts, $2 tokens' hashes, $3 versions of If-Match, each an array's text or null, $4 new lines' ids,
  /// $5 variants, $6 quantities; $7 and $8 as $4 and $5 of `touched`. No row for a cart that cannot be changed, or whose variant
  /// cannot be bought; `cart_line_bound` when one is full.
  static let addLines = Statement(
    "cart_add_lines",
    """
    WITH a AS (
      SELECT * FROM \(additions)),
    changed AS (
      UPDATE sales.cart c SET \(touched(before: "$7", to: "$8"))
        FROM a WHERE c.id = a.cart AND c.token_sha256 = a.token AND c.state = 'active' AND c.expires_at > now()
         AND (a.versions IS NULL OR c.version = ANY (a.versions::bigint[]))
         AND EXISTS (SELECT FROM catalogue.offer o WHERE o.variant_id = a.new_variant AND o.currency = c.currency AND o.sellable)
      RETURNING \(changedColumns), a.new_line, a.new_variant, a.new_quantity),
    line AS (
      INSERT INTO sales.cart_line AS l (id, cart_id, variant_id, quantity) SELECT new_line, id, new_variant, new_quantity FROM changed
      ON CONFLICT (cart_id, variant_id, options) DO UPDATE SET quantity = l.quantity + excluded.quantity)
    SELECT * FROM changed
    """)
  /// Locked before anything that belongs to it is looked for: who waited sees what the one before has done.
  private static let opened = "SELECT c.id FROM sales.cart c WHERE \(isOpen) FOR NO KEY UPDATE"

  private static func changeLine(_ name: String, _ change: String) -> Statement {
    Statement(
      name,
      """
      WITH opened AS (\(opened)),
           line AS (\(change) WHERE l.id = $6::uuid AND l.cart_id = opened.id RETURNING l.cart_id)
      UPDATE sales.cart c SET \(touched) FROM line WHERE c.id = line.cart_id RETURNING \(changedColumns)
      """)
  }
  /// $6 line, $7 quantity.
  static let setLine = changeLine("cart_set_line", "UPDATE sales.cart_line l SET quantity = $7::int FROM opened")
  static let removeLine = changeLine("cart_remove_line", "DELETE FROM sales.cart_line l USING opened")

  /// $6 the code's id. One that is there stays in its place.
  static let addDiscount = Statement(
    "cart_add_discount",
    """
    WITH opened AS (\(opened)), x AS (
      INSERT INTO sales.cart_discount_code (cart_id, discount_code_id, position)
      SELECT opened.id, $6::uuid, (SELECT coalesce(max(o.position), 0) + 1 FROM sales.cart_discount_code o WHERE o.cart_id = $1::uuid)
        FROM opened
      ON CONFLICT ON CONSTRAINT cart_discount_code_pkey DO NOTHING)
    UPDATE sales.cart c SET \(touched) FROM opened WHERE c.id = opened.id RETURNING \(changedColumns)
    """)
  /// $6 the code in capitals.
  static let removeDiscount = Statement(
    "cart_remove_discount",
    """
    WITH opened AS (\(opened)), x AS (
      DELETE FROM sales.cart_discount_code x USING opened, sales.discount_code d
       WHERE x.cart_id = opened.id AND d.code = $6::text AND x.discount_code_id = d.id RETURNING x.cart_id)
    UPDATE sales.cart c SET \(touched) FROM x WHERE c.id = x.cart_id RETURNING \(changedColumns)
    """)

  private static func set(_ name: String, _ assignment: String) -> Statement {
    Statement(
      name, "UPDATE sales.cart c SET \(assignment), \(touched) WHERE \(isOpen) RETURNING \(changedColumns)")
  }
  static let setEmail = set("cart_set_email", "email = $6::text")
  static let setShippingAddress = set("cart_set_shipping_address", "shipping_address = $6::jsonb")
  static let setBillingAddress = set("cart_set_billing_address", "billing_address = $6::jsonb")
  static let setShippingMethod = set("cart_set_shipping_method", "shipping_method_id = $6::text")

  // MARK: The end of a cart

  static let deleteLines = Statement("cart_delete_lines", "DELETE FROM sales.cart_line WHERE cart_id = $1::uuid")
  /// The row stays for what refers to it, without whoever it was: $2 is the hash of nothing that anyone knows.
  static let discard = Statement(
    "cart_discard",
    """
    UPDATE sales.cart SET state = 'expired', token_sha256 = $2::bytea, email = NULL, shipping_address = NULL, billing_address = NULL,
           expires_at = least(expires_at, now()), version = version + 1, updated_at = now()
     WHERE id = $1::uuid
    """)
  static let expire = Statement(
    "carts_expire",
    """
    UPDATE sales.cart SET state = 'expired', version = version + 1, updated_at = now()
     WHERE id IN (SELECT id FROM sales.cart WHERE state = 'active' AND expires_at < now()
                   ORDER BY expires_at LIMIT $1::int FOR NO KEY UPDATE SKIP LOCKED)
    """)
  /// A cart that somebody tried to pay for stays with the record of that.
  static let purge = Statement(
    "carts_purge",
    """
    DELETE FROM sales.cart WHERE id = ANY (ARRAY(
      SELECT c.id FROM sales.cart c
       WHERE c.state = 'expired' AND c.expires_at < now() - $2::int * interval '1 day'
         AND NOT EXISTS (SELECT FROM sales.payment p WHERE p.cart_id = c.id)
         AND NOT EXISTS (SELECT FROM sales.reservation r WHERE r.cart_id = c.id)
       ORDER BY c.expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED))
    """)
}
