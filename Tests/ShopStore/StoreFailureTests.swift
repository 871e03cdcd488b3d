import Postgres
import Shop
import TestSupport
import Testing

@testable import ShopStore

@Suite struct StoreFailureTests {
  private func broken(_ constraint: String, message: String = "") -> PostgresError {
    .server(ServerError(sqlState: "23505", message: message, constraint: constraint))
  }

  @Test func `a broken constraint is told by its name, whatever the message says`() {
    #expect(
      StoreFailure.refusal(for: broken("variant_sku_unique", message: "violates product_handle_unique")) == .skuTaken(nil))
    #expect(StoreFailure.refusal(for: broken("orders_one_per_cart")) == .cartClosed(order: nil))
    #expect(StoreFailure.refusal(for: broken("totals_add_up", message: "variant_sku_unique")) == nil)
  }

  @Test func `a key that is waited for in vain is in progress, any other lock is trouble that passes`() {
    func waited(for statement: String) -> Refusal? {
      StoreFailure.refusal(for: PostgresError.server(ServerError(sqlState: "55P03", message: "", statement: statement)))
    }
    #expect(waited(for: "idempotency_claim") == .idempotencyInProgress(retryAfter: 1))
    #expect(waited(for: "cart_lock") == .unavailable(retryAfter: 1))
  }

  @Test func `a full pool is an overload, and a commit whose outcome is unknown is trouble that passes`() {
    #expect(StoreFailure.refusal(for: PostgresError.poolExhausted) == .overloaded(retryAfter: 1))
    #expect(StoreFailure.refusal(for: PostgresError.timeout) == .unavailable(retryAfter: 1))
    #expect(StoreFailure.refusal(for: PostgresError.commitUnknown) == .unavailable(retryAfter: 1))
    #expect(StoreFailure.refusal(for: Refusal.notFound) == nil)
  }

  @Test(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
  func `every constraint of the schema has its refusal, or a reason why no request can break it`() throws {
    let known = Set(
      try TestDatabase().query(
        """
        SELECT conname FROM pg_constraint WHERE connamespace IN ('catalogue'::regnamespace, 'sales'::regnamespace)
        UNION SELECT relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid
               WHERE indisunique AND relnamespace IN ('catalogue'::regnamespace, 'sales'::regnamespace)
        UNION SELECT tgname FROM pg_trigger WHERE tgfoid IN ('sales.refuse_change'::regproc, 'sales.cart_line_bound'::regproc, 'sales.cart_discount_code_bound'::regproc)
        """))
    let reachable = Set(StoreFailure.refusals.keys)
    let unreachable = Self.unreachable.values.flatMap(\.self)
    #expect(known.subtracting(reachable).subtracting(unreachable) == [], "neither told nor explained")
    #expect(reachable.union(unreachable).subtracting(known) == [], "no longer in the schema")
    #expect(reachable.intersection(unreachable) == [], "told and explained")
    #expect(Set(unreachable).count == unreachable.count, "explained twice")
  }

  /// Why no request can break them, and so no refusal is made of them: whoever sees one has found a fault.
  private static let unreachable: [String: [String]] = [
    "ids and tokens are made by the shop": [
      "cart_line_pkey", "cart_pkey", "discount_code_pkey", "cart_token_length", "cart_token_unique", "category_pkey",
      "opening_stock_pkey",
      "orders_number_unique",
      "orders_pkey", "outbox_pkey", "payment_operation_pkey", "payment_pkey", "product_pkey", "reservation_pkey",
      "stock_movement_once", "stock_movement_pkey", "variant_pkey",
    ],
    "the clock's own row": ["heartbeat_pkey", "heartbeat_single"],
    "the insert takes what is there": [
      "availability_pkey", "cart_discount_code_pkey", "cart_line_unique", "idempotency_key_pkey", "offer_pkey",
      "payment_operation_one_open_void",
      "price_pkey", "product_filter_pkey",
      "product_listing_pkey", "product_price_pkey", "product_search_pkey", "product_snapshot_pkey", "stock_level_pkey",
      "waiting_refresh_pkey",
    ],
    "the rules of the request are at least as strict": [
      "discount_code_amount_currency_form", "discount_code_amount_pkey", "discount_code_amount_positive",
      "discount_code_amount_says_something", "discount_code_form", "discount_code_kind_known", "discount_code_limit_positive",
      "discount_code_percentage", "discount_code_times_in_order",
      "cart_country_form", "cart_currency_form", "cart_email_length", "category_handle_form", "category_title_length",
      "idempotency_key_length", "media_url_length", "opening_stock_not_negative", "price_amount_range", "price_compare_at_range",
      "price_currency_form",
      "product_attributes_object", "product_category_pkey", "product_description_length", "product_handle_form",
      "product_option_count", "product_option_name_unique", "product_option_values_present", "product_status_known",
      "product_title_length", "variant_options_object", "variant_sku_length", "variant_tax_class_known",
      "variant_title_length", "variant_weight_not_negative",
    ],
    "positions are counted by the program": [
      "cart_discount_code_position_unique", "media_pkey", "order_line_position_unique", "product_option_pkey",
    ],
    "the row that is named was made or locked in the same transaction": [
      "cart_discount_code_cart_exists", "cart_discount_code_code_exists", "discount_code_amount_code_exists",
      "discount_redemption_cart_exists", "discount_redemption_code_exists", "discount_redemption_payment_exists",
      "cart_line_cart_exists", "media_product_exists", "order_event_order_exists", "order_line_order_exists",
      "orders_cart_exists", "payment_cart_exists", "payment_operation_payment_exists", "payment_order_exists",
      "price_variant_exists", "product_category_product_exists", "product_option_product_exists", "reservation_cart_exists",
      "reservation_order_exists", "stock_movement_level_exists", "variant_product_exists",
    ],
    "decided by the rules under the row's lock": [
      "discount_code_used_not_negative", "discount_redemption_once_per_cart",
      "order_event_move_allowed", "order_event_version_unique", "outbox_version_once", "reservation_one_live_per_line",
      "stock_level_on_hand_not_negative", "stock_level_reserved_not_negative",
    ],
    "states are written by the program alone": [
      "availability_state_known", "discount_code_state_known", "cart_state_known", "idempotency_key_done_has_answer",
      "idempotency_key_state_known",
      "orders_status_known", "payment_open_is_checked", "payment_operation_finish", "payment_operation_kind_known",
      "payment_operation_state_known", "payment_state_known", "reservation_committed_needs_order", "reservation_held_expires",
      "reservation_state_known", "stock_movement_kind_known",
    ],
    "amounts and counts come from the rules, which add up": [
      "discount_redemption_amount_positive", "order_line_adds_up", "order_line_amounts_not_negative",
      "order_line_counts_not_negative", "order_line_not_overfulfilled",
      "order_line_not_overreturned", "order_line_pkey", "order_line_quantity_positive", "orders_amounts_not_negative",
      "orders_currency_form", "payment_amounts_not_negative", "payment_currency_form", "payment_not_overauthorized",
      "payment_not_overcaptured", "payment_not_overrefunded", "payment_operation_amount_positive",
      "reservation_quantity_positive", "totals_add_up",
    ],
    "records that nothing changes": [
      "discount_redemption_immutable", "order_event_append_only", "order_line_snapshot_immutable", "order_snapshot_immutable",
      "payment_operation_append_only",
      "payment_operation_intent_immutable", "payment_operation_outcome_final", "stock_movement_append_only",
    ],
    "the provider answers for its references": ["payment_operation_reference_unique"],
    "only the importer writes it, and says so itself": ["product_external_id_unique"],
    "nothing writes it yet": [
      "cart_one_active_per_customer", "location_name_unique", "location_one_default", "location_pkey", "outbox_cursor_pkey",
      "provider_event_pkey", "stock_level_backorder_not_negative",
    ],
    "written by migrations alone": [
      "order_transition_pkey", "setting_pkey", "setting_role_known", "setting_single", "shipping_method_pkey",
      "shipping_rate_amount_range",
      "shipping_rate_currency_form", "shipping_rate_method_exists", "shipping_rate_pkey", "shipping_rate_up_to_positive",
      "shipping_rate_zone_exists", "shipping_zone_country_form", "shipping_zone_country_pkey",
      "shipping_zone_country_zone_exists", "shipping_zone_pkey", "tax_rate_class_known", "tax_rate_country_form",
      "tax_rate_pkey", "tax_rate_range", "tax_region_rate_of_country", "tax_region_rate_pkey", "tax_region_rate_range",
      "tax_region_rate_region_form",
    ],
  ]
}
