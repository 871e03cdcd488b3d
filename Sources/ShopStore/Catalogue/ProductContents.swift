import Postgres
import Shop

/// What a product page shows, where the database's answer has it: texts are UTF-8, and JSON where it says so, which was checked
/// when it was written and goes out as it is. Borrowed from `ProductSnapshot.read`.
package struct ProductContents {
  package let handle: UnsafeRawBufferPointer
  package let status: UnsafeRawBufferPointer
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
  package let title: UnsafeRawBufferPointer
  /// Nil in listings.
  package let description: UnsafeRawBufferPointer?
  /// JSON object.
  package let attributes: UnsafeRawBufferPointer
  package let options: Options
  package let categories: Categories
  package let media: Media
  /// In the product's order.
  package let variants: Variants

  /// The arrays of the body are those of `catalogue.refresh`, in its order.
  init(_ row: Row, descriptionColumn: Int?) throws(PostgresError) {
    handle = try row.borrowedBytes(1)
    status = try row.borrowedBytes(2)
    createdAt = Timestamp(microseconds: try row.timestamp(5))
    updatedAt = Timestamp(microseconds: try row.timestamp(6))
    title = try row.borrowedBytes(7)
    attributes = try row.borrowedBytes(8)
    description = try descriptionColumn.map { column throws(PostgresError) in try row.borrowedBytes(column) }
    var body = try BinaryRecord(try row.borrowedBytes(10))
    options = Options(names: try body.nextArray(of: .text), values: try body.nextArray(of: .text))
    categories = Categories(
      ids: try body.nextArray(of: .uuid), handles: try body.nextArray(of: .text), titles: try body.nextArray(of: .text))
    media = Media(urls: try body.nextArray(of: .text), alts: try body.nextArray(of: .optionalText))
    variants = Variants(
      ids: try body.nextArray(of: .uuid), skus: try body.nextArray(of: .text), titles: try body.nextArray(of: .text),
      options: try body.nextArray(of: .text), taxClasses: try body.nextArray(of: .text),
      requiresShipping: try body.nextArray(of: .bool), weights: try body.nextArray(of: .int32),
      barcodes: try body.nextArray(of: .optionalText), letters: try row.borrowedBytes(9)[...],
      prices: Prices(
        currencies: try body.nextArray(of: .text), amounts: try body.nextArray(of: .int64),
        compareAtAmounts: try body.nextArray(of: .int64)))
    guard options.areParallel, categories.areParallel, media.areParallel, variants.areParallel else {
      throw .decoding(DecodingFault(column: 10, columnName: "body", wanted: "parallel arrays", reason: .malformed))
    }
  }

  /// What the variants cost, from the least to the most, in the wanted currency; in US dollars where none has a price in that, else
  /// in the first one. Nil where nothing has a price.
  package func priceRange(in wanted: Currency?) -> (amounts: ClosedRange<Int64>, currency: UnsafeRawBufferPointer)? {
    var currencies = variants.prices.currencies
    var chosen: (place: Int, code: UnsafeRawBufferPointer)?
    for place in 0..<currencies.count {
      let code = currencies.nextText()
      let isWanted = wanted?.hasCode(code) ?? false
      if chosen == nil || isWanted || Currency.usd.hasCode(code) { chosen = (place, code) }
      if isWanted { break }
    }
    guard let chosen, let amounts = variants.prices.range(inCurrencyAt: chosen.place) else { return nil }
    return (amounts, chosen.code)
  }
}
