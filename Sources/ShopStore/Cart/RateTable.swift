import Postgres
import Shop

/// Every tax and shipping rate of the shop: about a thousand rows, so that pricing a cart asks the database for none.
struct RateTable: Sendable {
  private struct CountryTax {
    var rates: [TaxClass: TaxRate] = [:]
    var regions: [String: [TaxClass: TaxRate]] = [:]
    var isInclusive = false
    var taxesShipping = false
  }

  private struct Parcel: Hashable {
    let zone: String
    let currency: Currency
  }

  private var taxes: [Country: CountryTax] = [:]
  private var zones: [Country: String] = [:]
  private var shipping: [Parcel: [ShippingRate]] = [:]

  static let statement = Statement(
    "rates",
    """
    SELECT 't', country, NULL::text, tax_class, NULL::text, rate_ppm::bigint, NULL::bigint, inclusive, shipping_taxed FROM sales.tax_rate
     UNION ALL
    SELECT 'r', country, region, tax_class, NULL, rate_ppm, NULL, NULL, NULL FROM sales.tax_region_rate
     UNION ALL
    SELECT 'z', country, zone_id, NULL, NULL, NULL, NULL, NULL, NULL FROM sales.shipping_zone_country
     UNION ALL
    SELECT 's', r.zone_id, r.currency, m.id, m.title, r.amount, r.up_to_g, NULL, NULL
      FROM sales.shipping_rate r JOIN sales.shipping_method m ON m.id = r.method_id AND m.active
    """)

  init(_ rows: Rows) throws {
    for row in rows {
      let kind = try row.string(0)
      let place = try row.string(1)
      if kind == "s" {
        guard let currency = Currency(try row.string(2)) else { continue }
        shipping[Parcel(zone: place, currency: currency), default: []].append(
          ShippingRate(
            method: try row.string(3), title: try row.string(4), heaviest: try row.int64(6), amount: try row.int64(5)))
        continue
      }
      // A country that is assigned no more cannot be asked for.
      guard let country = Country(place) else { continue }
      if kind == "z" {
        zones[country] = try row.string(2)
        continue
      }
      guard let taxClass = TaxClass(rawValue: try row.string(3)), let rate = TaxRate(partsPerMillion: try row.int64(5)) else {
        throw StoredJSON.Malformed(member: "tax rate")
      }
      if kind == "t" {
        taxes[country, default: CountryTax()].rates[taxClass] = rate
        taxes[country]?.isInclusive = try row.bool(7)
        taxes[country]?.taxesShipping = try row.bool(8)
      } else {
        taxes[country, default: CountryTax()].regions[try row.string(2), default: [:]][taxClass] = rate
      }
    }
  }

  func tax(of cart: Cart) -> TaxZone {
    guard let country = cart.destination, let found = taxes[country] else { return .untaxed }
    let region = cart.shippingAddress?.region.flatMap { found.regions[$0.uppercased()] } ?? [:]
    return TaxZone(
      isInclusive: found.isInclusive, taxesShipping: found.taxesShipping, rates: found.rates.merging(region) { $1 })
  }

  /// A country in no zone is the rest of the world.
  func shippingOptions(for cart: Cart, lines: [OfferedLine]) -> [ShippingOption] {
    guard let country = cart.destination else { return [] }
    let rates = shipping[Parcel(zone: zones[country] ?? "world", currency: cart.currency)] ?? []
    return ShippingOption.all(for: lines, rates: rates, currency: cart.currency)
  }
}
