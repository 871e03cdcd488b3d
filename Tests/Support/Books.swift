/// Whether a shop's books are right: what it has sold, holds and was paid, whatever happened to the processes that did it.
package struct Books: Sendable {
  let database: TestDatabase
  /// Nil where nobody's account can be asked for.
  let provider: PaymentProviderServer?

  package init(_ database: TestDatabase, _ provider: PaymentProviderServer? = nil) {
    self.database = database
    self.provider = provider
  }

  package init(_ scene: CheckoutScene) { self.init(scene.database, scene.provider) }

  /// What is still under way, each with its number: payments without an outcome, voids that nobody has confirmed, keys that run.
  package func open() throws -> [String] {
    try database.query(
      """
      SELECT what || ' ' || number FROM (
        SELECT 'payment' AS what, count(*) AS number FROM sales.payment WHERE state IN ('authorizing', 'requires_action', 'unknown')
        UNION ALL SELECT 'void', count(*) FROM sales.payment_operation WHERE kind = 'void' AND state IN ('pending', 'unknown')
        UNION ALL SELECT 'key', count(*) FROM sales.idempotency_key WHERE state = 'running'
        UNION ALL SELECT 'cart', count(*) FROM sales.cart WHERE state = 'completing'
        UNION ALL SELECT 'hold', count(*) FROM sales.reservation WHERE state = 'paying') found
       WHERE number > 0
      """)
  }

  /// What does not add up; empty where all is well. For a time when nothing is open.
  package func faults() async throws -> [String] {
    try open() + database.query(Self.contradictions) + (try await moneyFaults())
  }

  /// Of the provider's own account, which knows nothing of what the shop believes.
  private func moneyFaults() async throws -> [String] {
    guard let provider else { return [] }
    struct Account: Decodable {
      struct Authorisation: Decodable {
        let id: String
        let status: String
        let amount: Int
      }
      let data: [Authorisation]
    }
    let account: Account = try await provider.get("/authorizations?limit=1000").decoded()
    let held = account.data.filter { $0.status == "authorized" }.map { "\($0.amount)" }.sorted()
    let sold = try database.query("SELECT total FROM sales.orders WHERE status <> 'cancelled' AND total > 0").sorted()
    return held == sold ? [] : ["the provider holds \(held), the orders are worth \(sold)"]
  }

  private static let contradictions = """
    SELECT 'payment ' || p.id || ' is authorised without an order' FROM sales.payment p
     WHERE p.state = 'authorized' AND NOT EXISTS (SELECT FROM sales.orders o WHERE o.id = p.order_id AND o.cart_id = p.cart_id)
    UNION ALL
    SELECT 'order ' || o.id || ' is not paid once' FROM sales.orders o
     WHERE o.status <> 'cancelled' AND o.total > 0
       AND (SELECT count(*) FROM sales.payment p WHERE p.order_id = o.id AND p.authorized - p.voided = o.total) <> 1
    UNION ALL
    SELECT 'cart ' || c.id || ' is ' || c.state FROM sales.cart c
     WHERE (c.state = 'ordered') <> EXISTS (SELECT FROM sales.orders o WHERE o.cart_id = c.id)
    UNION ALL
    SELECT 'variant ' || s.variant_id || ' has ' || s.reserved || ' reserved' FROM sales.stock_level s
     WHERE s.reserved <> (SELECT coalesce(sum(r.quantity), 0) FROM sales.reservation r
                           WHERE r.variant_id = s.variant_id AND r.location_id = s.location_id
                             AND r.state IN ('held', 'paying', 'committed'))
    UNION ALL
    SELECT 'variant ' || s.variant_id || ' has ' || s.on_hand || ' on hand' FROM sales.stock_level s
     WHERE s.on_hand <> (SELECT sum(m.delta) FROM sales.stock_movement m
                          WHERE m.variant_id = s.variant_id AND m.location_id = s.location_id)
    UNION ALL
    SELECT 'line ' || l.id || ' of an order is not committed' FROM sales.order_line l JOIN sales.orders o ON o.id = l.order_id
     WHERE o.status <> 'cancelled'
       AND l.quantity <> (SELECT coalesce(sum(r.quantity), 0) FROM sales.reservation r
                           WHERE r.line_id = l.id AND r.order_id = o.id AND r.state = 'committed')
    UNION ALL
    SELECT 'order ' || o.id || ' is not announced once' FROM sales.orders o
     WHERE (SELECT count(*) FROM sales.outbox b WHERE b.aggregate_id = o.id AND b.type = 'order.confirmed') <> 1
    """
}
