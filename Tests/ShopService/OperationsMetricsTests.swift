import TestSupport
import Testing

/// What operators see of the shop's work, read from /metrics as Prometheus would.
@Suite(
  .serialized, .enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct OperationsMetricsTests {
  private static let variant = "01900000-0000-0000-0000-0000000000b1"

  /// One variant with one unit, and a cart of it that lacks nothing but its completion.
  private static let scene = """
    INSERT INTO sales.stock_level (variant_id, location_id, on_hand)
      VALUES ('\(variant)', '01900000-0000-7000-8000-000000000001', 1);
    INSERT INTO sales.cart (id, token_sha256, currency, expires_at)
      VALUES ('01900000-0000-0000-0000-0000000000c1', sha256('1'), 'USD', now() + interval '1 day');
    INSERT INTO sales.cart_line (id, cart_id, variant_id, quantity)
      VALUES ('01900000-0000-0000-0000-0000000000d1', '01900000-0000-0000-0000-0000000000c1', '\(variant)', 1);
    """

  private func sample(_ shop: TestServer, _ series: String) async throws -> Double {
    let text = try await shop.get("/metrics").text
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(series + " ") }, "no \(series)")
    return try #require(Double(line.dropFirst(series.count + 1)))
  }

  @Test func `work that is overdue shows in the metrics`() async throws {
    // Without the worker nobody does it.
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { shop in
      try shop.database.execute(
        Self.scene + """
          INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, expires_at)
            VALUES (gen_random_uuid(), '01900000-0000-0000-0000-0000000000c1', '01900000-0000-0000-0000-0000000000d1',
                    '\(Self.variant)', '01900000-0000-7000-8000-000000000001', 1, 'held', now() - interval '1 minute');
          INSERT INTO sales.payment (id, cart_id, provider, currency, amount, state, checkout, next_check_at, created_at)
            VALUES ('01900000-0000-0000-0000-0000000000e1', '01900000-0000-0000-0000-0000000000c1', 'test', 'USD', 100, 'unknown',
                    '{}', now(), now() - interval '1 hour');
          INSERT INTO sales.payment_operation (id, payment_id, kind, amount, provider, created_at)
            VALUES (gen_random_uuid(), '01900000-0000-0000-0000-0000000000e1', 'void', 100, 'test', now() - interval '2 hours');
          INSERT INTO sales.outbox_cursor (consumer) VALUES ('relay');
          INSERT INTO sales.outbox (id, aggregate, aggregate_id, aggregate_version, type, payload, created_at)
            VALUES (gen_random_uuid(), 'order', gen_random_uuid(), 1, 'order.confirmed', '{}', now() - interval '3 hours');
          """)
      #expect(try await sample(shop, "shop_backlog_known") == 1)
      #expect(try await sample(shop, "shop_holds_overdue") == 1)
      #expect(try await sample(shop, "shop_payments_open") == 1)
      #expect((3_600..<3_700).contains(try await sample(shop, "shop_payments_open_oldest_seconds")))
      #expect(try await sample(shop, "shop_voids_open") == 1)
      #expect((7_200..<7_300).contains(try await sample(shop, "shop_voids_open_oldest_seconds")))
      #expect((10_800..<10_900).contains(try await sample(shop, "shop_outbox_lag_seconds")))
    }
  }

  @Test func `a shop that owes nothing shows an empty backlog`() async throws {
    try await TestServer.with { shop in
      let known = try await sample(shop, "shop_backlog_known")
      #expect(known == 1)
      for series in [
        "shop_holds_overdue", "shop_payments_open", "shop_payments_open_oldest_seconds", "shop_voids_open",
        "shop_outbox_lag_seconds",
      ] {
        let value = try await sample(shop, series)
        #expect(value == 0, "\(series)")
      }
    }
  }

  @Test func `a backlog that cannot be read is not told as empty`() async throws {
    try await TestServer.with(settings: ["SHOP_WORKER": "off"]) { shop in
      try shop.database.execute("ALTER TABLE sales.outbox_cursor RENAME TO outbox_cursor_elsewhere")
      #expect(try await sample(shop, "shop_backlog_known") == 0)
    }
  }
}
