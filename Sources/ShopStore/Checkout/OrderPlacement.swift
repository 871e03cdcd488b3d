import Postgres
import Shop

/// The second transaction of a checkout that was paid for: the order with its lines out of `payment.checkout`, the holds and the cart
/// at their end, the event and the kept answer. One statement, and nothing of it where the payment is not to be decided any more.
enum OrderPlacement {
  /// $1 order, $2 payment, $3 the order's number, $4 its time, $5 the provider's reference, $6 event; the rest as in
  /// `IdempotencyStatements.outcome`. A row where the order was placed.
  ///
  /// The cart must be locked by an earlier statement, as for `PaymentStatements.lock`.
  private static let statement = Statement(
    "checkout_place_order",
    """
    WITH paid AS (
      UPDATE sales.payment p SET state = 'authorized', authorized = amount, order_id = $1::uuid, next_action = NULL,
             next_check_at = NULL, version = version + 1, updated_at = now()
       WHERE p.id = $2::uuid AND \(PaymentStatements.isUndecided("p")) AND NOT \(PaymentStatements.isBeingVoided)
      RETURNING p.id, p.cart_id, p.currency, p.checkout, p.idempotency_principal, p.idempotency_key),
    operation AS (
      UPDATE sales.payment_operation o SET state = 'succeeded', reference = coalesce($5::text, o.reference), finished_at = now()
        FROM paid WHERE o.payment_id = paid.id AND o.kind = 'authorize' AND o.state IN ('pending', 'unknown')),
    placed AS (
      INSERT INTO sales.orders (id, number, cart_id, currency, email, subtotal, discount, shipping, tax, tax_included, total,
                                shipping_address, billing_address, shipping_method_id, shipping_method_title, created_at)
      OVERRIDING SYSTEM VALUE
      SELECT $1::uuid, $3::bigint, paid.cart_id, paid.currency, paid.checkout->>'email', t.subtotal, t.discount, t.shipping, t.tax,
             t.tax_included, t.total, nullif(paid.checkout->'shipping_address', 'null'),
             nullif(paid.checkout->'billing_address', 'null'), paid.checkout->'shipping_method'->>'id',
             paid.checkout->'shipping_method'->>'title', $4::timestamptz
        FROM paid CROSS JOIN jsonb_to_record(paid.checkout->'totals')
             t (subtotal bigint, discount bigint, shipping bigint, tax bigint, tax_included bigint, total bigint)
      RETURNING id, cart_id),
    lines AS (
      INSERT INTO sales.order_line (id, order_id, position, variant_id, product_id, sku, title, options, quantity, unit_price,
                                    subtotal, discount, tax_class, tax_rate_ppm, tax, tax_included, total, requires_shipping)
      SELECT l.id, placed.id, (row_number() OVER () - 1)::int, l.variant_id, l.product_id, l.sku, l.title, l.options, l.quantity,
             l.unit_price, l.subtotal, l.discount, l.tax_class, l.tax_rate_ppm, l.tax, l.tax_included, l.total, l.requires_shipping
        FROM placed CROSS JOIN paid
       CROSS JOIN jsonb_to_recordset(paid.checkout->'lines') l (id uuid, variant_id uuid, product_id uuid, sku text, title text,
             options jsonb, quantity int, unit_price bigint, subtotal bigint, discount bigint, tax_class text, tax_rate_ppm int,
             tax bigint, tax_included bigint, total bigint, requires_shipping boolean)),
    holds AS (
      UPDATE sales.reservation r SET state = 'committed', order_id = placed.id, updated_at = now()
        FROM placed WHERE r.cart_id = placed.cart_id AND \(HoldStatements.isOpen("r"))),
    cart AS (
      UPDATE sales.cart c SET state = 'ordered', version = c.version + 1, updated_at = now() FROM placed WHERE c.id = placed.cart_id),
    event AS (
      INSERT INTO sales.outbox (id, aggregate, aggregate_id, aggregate_version, type, payload)
      SELECT $6::uuid, 'order', placed.id, 1, 'order.confirmed', convert_from($11::bytea, 'UTF8')::jsonb FROM placed),
    answer AS (
      UPDATE sales.idempotency_key k SET \(IdempotencyStatements.outcome(from: 7))
        FROM paid, placed
       WHERE k.principal = paid.idempotency_principal AND k.key = paid.idempotency_key AND k.state = 'running')
    SELECT id FROM placed
    """)

  static func query(
    _ order: Order, paidBy payment: PaymentID, reference: String, event: EventID, answer: KeptAnswer
  ) -> Query {
    statement.bind(
      [
        .value(order.id), .value(payment), .int64(order.number), .value(order.createdAt), .text(reference), .value(event),
      ] + IdempotencyStore.outcome(answer, body: answer.body, isSealed: false))
  }
}
