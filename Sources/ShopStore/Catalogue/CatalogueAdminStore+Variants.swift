import Postgres
import Shop

extension CatalogueAdminStore {
  // MARK: Prices

  private static let productOfVariant = Statement(
    "admin_product_of_variant",
    """
    SELECT p.version, p.id FROM catalogue.variant v JOIN catalogue.product p ON p.id = v.product_id
     WHERE v.id = $1 FOR NO KEY UPDATE OF p
    """)
  private static let dropPrices = Statement(
    "admin_prices_drop", "DELETE FROM catalogue.price WHERE variant_id = $1 AND NOT currency = ANY ($2::text[])")
  private static let putPrices = Statement(
    "admin_prices_put",
    """
    INSERT INTO catalogue.price (variant_id, currency, amount, compare_at_amount)
    SELECT $1::uuid, p.currency, p.amount, p.compare_at FROM unnest($2::text[], $3::bigint[], $4::bigint[]) p (currency, amount, compare_at)
    ON CONFLICT (variant_id, currency) DO UPDATE SET amount = excluded.amount, compare_at_amount = excluded.compare_at_amount
    """)

  /// Puts these prices in place of all that the variant has; the version is its product's.
  package func setPrices(
    _ variant: VariantID, _ prices: [Price], if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: ProductAnswer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      guard let product = try await transaction.run(Self.productOfVariant(.value(variant))).first else {
        throw Refusal.notFound
      }
      try condition.check(try product.int64(0))
      let id = ProductID(try product.uuid(1))
      let currencies = Parameter.texts(prices.map(\.currency.code))
      return try render(
        try await Self.finish(
          transaction, id,
          [
            Self.dropPrices(.value(variant), currencies),
            Self.putPrices(
              .value(variant), currencies, .int64s(prices.map(\.amount)), .optionalInt64s(prices.map(\.compareAtAmount))),
            Self.touch(.value(id)),
          ], isLast: isLast))
    }
  }
}
