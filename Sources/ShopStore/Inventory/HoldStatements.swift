import Postgres
import Shop

/// How holds come to be and end. Whoever changes one has locked its stock before, in the order of all locks.
enum HoldStatements {
  /// Held or paying. Said so that no index of holds in some states serves it, only that of the cart's: every hold has gone through
  /// those, and until a vacuum they are read with all that have left them.
  static func isOpen(_ hold: String) -> String { "\(hold).state NOT IN ('committed', 'fulfilled', 'released', 'expired')" }

  private static let ofCart = "cart_id = $1::uuid AND \(isOpen("reservation"))"
  private static let ofOrder = "order_id = $1::uuid AND state = 'committed'"

  /// Of $1 carts.
  static let live = Statement(
    "holds_live",
    """
    SELECT r.cart_id, r.line_id, r.variant_id, r.location_id, r.quantity
      FROM \(ArrayRows.select("a", ["id": "uuid"])) JOIN sales.reservation r ON r.cart_id = a.id WHERE \(isOpen("r")) ORDER BY r.id
    """)

  // MARK: Their stock

  private static func lock(_ name: String, _ places: String) -> Statement {
    Statement(
      name,
      "SELECT variant_id FROM sales.stock_level WHERE \(places) ORDER BY variant_id, location_id FOR NO KEY UPDATE")
  }
  private static func places(_ holds: String) -> String {
    "(variant_id, location_id) IN (SELECT variant_id, location_id FROM sales.reservation WHERE \(holds))"
  }
  static let lockStockOfCart = lock("holds_lock_stock_of_cart", places(ofCart))
  static let lockStockOfOrder = lock("holds_lock_stock_of_order", places(ofOrder))
  static let lockStockOfVariants = lock("holds_lock_stock_of_variants", "variant_id = ANY ($1::uuid[])")

  // MARK: Making

  static let reserve = Statement(
    "holds_reserve",
    """
    UPDATE sales.stock_level s SET reserved = s.reserved + d.quantity, version = s.version + 1, updated_at = now()
      FROM \(ArrayRows.select("d", ["variant_id": "uuid", "location_id": "uuid", "quantity": "int"]))
     WHERE s.variant_id = d.variant_id AND s.location_id = d.location_id
    """)
  private static let newHolds = ArrayRows.select(
    "h",
    ["id": "uuid", "cart_id": "uuid", "line_id": "uuid", "variant_id": "uuid", "location_id": "uuid", "quantity": "int"])
  /// Makes holds ($1 their ids, $2 carts), or changes those that a cart has of the same lines at the same locations.
  static let put = Statement(
    "holds_put",
    """
    INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, expires_at)
    SELECT h.id, h.cart_id, h.line_id, h.variant_id, h.location_id, h.quantity, $7::text, $8::timestamptz
      FROM \(newHolds)
    ON CONFLICT (line_id, location_id) WHERE state IN ('held', 'paying', 'committed')
    DO UPDATE SET quantity = excluded.quantity, state = excluded.state, expires_at = excluded.expires_at, updated_at = now()
    """)
  /// Ends those of a cart that are not among ($2 line, $3 location). Gives nothing back: that is in the change of `reserve`.
  static let drop = Statement(
    "holds_drop",
    """
    UPDATE sales.reservation SET state = 'released', updated_at = now()
     WHERE \(ofCart) AND (line_id, location_id) NOT IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))
    """)

  // MARK: Ending

  /// Ends holds and gives their pieces back to stock, in whichever way it comes about.
  private static func end(_ name: String, as state: HoldState, _ holds: String) -> Statement {
    Statement(
      name,
      """
      WITH r AS (
        UPDATE sales.reservation SET state = '\(state.rawValue)', updated_at = now() WHERE \(holds)
        RETURNING variant_id, location_id, quantity)
      UPDATE sales.stock_level s SET reserved = s.reserved - d.quantity, version = s.version + 1, updated_at = now()
        FROM (SELECT variant_id, location_id, sum(quantity)::int AS quantity FROM r GROUP BY variant_id, location_id) d
       WHERE s.variant_id = d.variant_id AND s.location_id = d.location_id
      """)
  }
  static let releaseOfCart = end("holds_release_of_cart", as: .released, ofCart)
  static let releaseOfOrder = end("holds_release_of_order", as: .released, ofOrder)
  /// One that is being taken over or extended is skipped.
  static let expire = end(
    "holds_expire", as: .expired,
    """
    id IN (SELECT id FROM sales.reservation
            WHERE id = ANY ($1::uuid[]) AND state = 'held' AND expires_at < now() FOR NO KEY UPDATE SKIP LOCKED)
    """)

  static let overdue = Statement(
    "holds_overdue",
    "SELECT id, variant_id FROM sales.reservation WHERE state = 'held' AND expires_at < now() ORDER BY expires_at LIMIT $1::int")
  static let overdueOfVariants = Statement(
    "holds_overdue_of_variants",
    """
    SELECT id, variant_id FROM sales.reservation
     WHERE variant_id = ANY ($1::uuid[]) AND state = 'held' AND expires_at < now() LIMIT 200
    """)
  static let purge = Statement(
    "holds_purge",
    """
    DELETE FROM sales.reservation WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM sales.reservation
       WHERE state IN ('released', 'expired') AND updated_at < now() - $2::int * interval '1 day'
       ORDER BY updated_at LIMIT $1::int FOR UPDATE SKIP LOCKED))
    """)
}
