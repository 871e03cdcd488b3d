import Postgres
import Shop

/// The second transaction of a checkout that was paid for: the order with its lines out of `payment.checkout`, the holds and the cart
/// at their end, the event and the kept answer. One statement for any number of orders, and nothing of an order where its payment is
/// not to be decided any more.
struct OrderPlacement: Sendable {
  let order: Order
  let attempt: PaymentAttempt
  /// The provider's.
  let reference: String
  let event: EventID
  let answer: KeptAnswer

  /// $1 orders, $2 payments, $3 the orders' numbers, $4 their times, $5 the provider's references, $6 events, $7 to $11 the answers,
  /// as in `IdempotencyStatements.outcome`. A row for each order that was placed.
  ///
  /// The carts must be locked by an earlier statement, as for `PaymentStatements.lock`.
  private static let statement = Statement(
    "checkout_place_orders",
    """
    WITH a AS (
      SELECT * FROM \(rows)),
    paid AS (
      UPDATE sales.payment p SET state = 'authorized', authorized = amount, order_id = a.order_id, next_action = NULL,
             next_check_at = NULL, version = version + 1, updated_at = now()
        FROM a WHERE p.id = a.payment AND \(PaymentStatements.isUndecided("p")) AND NOT \(PaymentStatements.isBeingVoided)
      RETURNING p.id, p.cart_id, p.currency, p.checkout, p.idempotency_principal, p.idempotency_key, a.*),
    operation AS (
      UPDATE sales.payment_operation o SET state = 'succeeded', reference = coalesce(paid.reference, o.reference), finished_at = now()
        FROM paid WHERE o.payment_id = paid.id AND o.kind = 'authorize' AND o.state IN ('pending', 'unknown')),
    placed AS (
      INSERT INTO sales.orders (id, number, cart_id, currency, email, subtotal, discount, shipping, tax, tax_included, total,
                                shipping_address, billing_address, shipping_method_id, shipping_method_title, created_at)
      OVERRIDING SYSTEM VALUE
      SELECT paid.order_id, paid.number, paid.cart_id, paid.currency, paid.checkout->>'email', t.subtotal, t.discount, t.shipping,
             t.tax, t.tax_included, t.total, nullif(paid.checkout->'shipping_address', 'null'),
             nullif(paid.checkout->'billing_address', 'null'), paid.checkout->'shipping_method'->>'id',
             paid.checkout->'shipping_method'->>'title', paid.created_at
        FROM paid CROSS JOIN jsonb_to_record(paid.checkout->'totals')
             t (subtotal bigint, discount bigint, shipping bigint, tax bigint, tax_included bigint, total bigint)
      RETURNING id),
    lines AS (
      INSERT INTO sales.order_line (id, order_id, position, variant_id, product_id, sku, title, options, quantity, unit_price,
                                    subtotal, discount, tax_class, tax_rate_ppm, tax, tax_included, total, requires_shipping)
      SELECT l.id, paid.order_id, (l.position - 1)::int, l.variant_id, l.product_id, l.sku, l.title, l.options, l.quantity,
             l.unit_price, l.subtotal, l.discount, l.tax_class, l.tax_rate_ppm, l.tax, l.tax_included, l.total, l.requires_shipping
        FROM paid CROSS JOIN ROWS FROM (
             jsonb_to_recordset(paid.checkout->'lines') AS (id uuid, variant_id uuid, product_id uuid, sku text, title text,
             options jsonb, quantity int, unit_price bigint, subtotal bigint, discount bigint, tax_class text, tax_rate_ppm int,
             tax bigint, tax_included bigint, total bigint, requires_shipping boolean)) WITH ORDINALITY
             l (id, variant_id, product_id, sku, title, options, quantity, unit_price, subtotal, discount, tax_class, tax_rate_ppm,
                tax, tax_included, total, requires_shipping, position)),
    holds AS (
      UPDATE sales.reservation r SET state = 'committed', order_id = paid.order_id, updated_at = now()
        FROM paid WHERE r.cart_id = paid.cart_id AND \(HoldStatements.isOpen("r"))),
    cart AS (
      UPDATE sales.cart c SET state = 'ordered', version = c.version + 1, updated_at = now() FROM paid WHERE c.id = paid.cart_id),
    event AS (
      INSERT INTO sales.outbox (id, aggregate, aggregate_id, aggregate_version, type, payload)
      SELECT paid.event, 'order', paid.order_id, 1, 'order.confirmed', convert_from(paid.body, 'UTF8')::jsonb FROM paid),
    answer AS (
      UPDATE sales.idempotency_key k SET \(outcome)
        FROM paid WHERE k.principal = paid.idempotency_principal AND k.key = paid.idempotency_key AND k.state = 'running')
    SELECT id FROM placed
    """)
  private static let rows = ArrayRows.select(
    "a",
    [
      "order_id": "uuid", "payment": "uuid", "number": "bigint", "created_at": "timestamptz", "reference": "text",
      "event": "uuid", "status": "int", "location": "text", "tag": "text", "type": "text", "body": "bytea",
    ])
  private static let outcome = IdempotencyStatements.outcome(
    status: "paid.status::smallint", location: "paid.location", tag: "paid.tag", type: "paid.type", body: "paid.body",
    isSealed: "false")

  static func query(_ all: [OrderPlacement]) -> Query {
    statement(
      .uuids(all.map(\.order.id.uuidBytes)), .uuids(all.map(\.attempt.payment.uuidBytes)), .int64s(all.map(\.order.number)),
      .timestamps(all.map(\.order.createdAt.microseconds)), .texts(all.map(\.reference)), .uuids(all.map(\.event.uuidBytes)),
      .int32s(all.map { Int32(clamping: $0.answer.status) }), .optionalTexts(all.map(\.answer.location)),
      .optionalTexts(all.map(\.answer.tag)), .texts(all.map(\.answer.contentType)), .byteStrings(all.map(\.answer.body)))
  }

  /// The orders among them that were placed.
  static func placed(_ rows: Rows) throws -> Set<OrderID> { Set(try rows.map { OrderID(try $0.uuid(0)) }) }
}
