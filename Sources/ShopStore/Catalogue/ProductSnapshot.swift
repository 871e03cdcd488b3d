import Postgres
import Shop

/// A product as shoppers see it, in one row of `catalogue.product_snapshot`: arrays of variants run parallel, in their order.
///
/// Texts that are JSON already stay so: they were checked when they were written, and go out as they are.
package struct ProductSnapshot: Sendable {
  package let id: ProductID
  package let handle: String
  package let status: String
  package let version: Int64
  /// Grows with every change that a shopper can see, availability included.
  package let revision: Int64
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
  package let title: String
  package let description: String
  /// JSON object.
  package let attributes: [UInt8]
  package let optionNames: [String]
  /// JSON arrays of strings.
  package let optionValues: [String]
  package let categories: [(id: CategoryID, handle: String, title: String)]
  package let media: [(url: String, alt: String?)]
  package let variants: [VariantSnapshot]
  /// Alphabetical.
  package let currencies: [String]
  /// Variant by variant, one place for each currency; nil where it is not sold in it.
  private let amounts: [Int64?]
  private let compareAtAmounts: [Int64?]

  /// What a variant costs in one of `currencies`.
  package func price(variant: Int, currency: Int) -> (amount: Int64, compareAt: Int64?)? {
    let place = variant * currencies.count + currency
    guard let amount = amounts[place] else { return nil }
    return (amount, compareAtAmounts[place])
  }

  package struct VariantSnapshot: Sendable {
    package let id: VariantID
    package let sku: String
    package let title: String
    /// JSON object.
    package let options: String
    package let taxClass: String
    package let requiresShipping: Bool
    package let weightGrams: Int32?
    package let barcode: String?
    package let availability: Availability
  }

  /// The columns that `init(_:)` reads, of a snapshot called `s`.
  static let columns = """
    s.product_id, s.handle, s.status, s.version, s.revision, s.created_at, s.updated_at, s.title, s.attributes, s.availability, s.body
    """

  static let columnCount = 11

  /// - Parameter descriptionColumn: nil for listings, which leave the description out.
  init(_ row: Row, descriptionColumn: Int? = nil) throws(PostgresError) {
    id = ProductID(try row.uuid(0))
    handle = try row.string(1)
    status = try row.string(2)
    version = try row.int64(3)
    revision = try row.int64(4)
    createdAt = Timestamp(microseconds: try row.timestamp(5))
    updatedAt = Timestamp(microseconds: try row.timestamp(6))
    title = try row.string(7)
    attributes = try row.bytes(8)
    let letters = try row.bytes(9)
    description = try descriptionColumn.map { column throws(PostgresError) in try row.string(column) } ?? ""
    let body = try row.withBytes(10) { bytes throws(PostgresError) in
      try Body(bytes ?? UnsafeRawBufferPointer(start: nil, count: 0), letters)
    }
    optionNames = body.optionNames
    optionValues = body.optionValues
    categories = body.categories
    media = body.media
    variants = body.variants
    currencies = body.currencies
    amounts = body.amounts
    compareAtAmounts = body.compareAtAmounts
  }

  /// The arrays of `catalogue.refresh`, in its order.
  private struct Body {
    let optionNames: [String]
    let optionValues: [String]
    let categories: [(id: CategoryID, handle: String, title: String)]
    let media: [(url: String, alt: String?)]
    let variants: [VariantSnapshot]
    let currencies: [String]
    let amounts: [Int64?]
    let compareAtAmounts: [Int64?]

    init(_ bytes: UnsafeRawBufferPointer, _ letters: [UInt8]) throws(PostgresError) {
      let record = try BinaryRecord(bytes)
      optionNames = try record.strings(0)
      optionValues = try record.strings(1)
      let categoryIDs = try record.uuids(2)
      let categoryHandles = try record.strings(3)
      let categoryTitles = try record.strings(4)
      categories = zip(categoryIDs, zip(categoryHandles, categoryTitles)).map { (CategoryID($0), $1.0, $1.1) }
      media = zip(try record.strings(5), try record.optionalStrings(6)).map { ($0, $1) }
      let ids = try record.uuids(7)
      let skus = try record.strings(8)
      let titles = try record.strings(9)
      let options = try record.strings(10)
      let taxClasses = try record.strings(11)
      let requiresShipping = try record.bools(12)
      let weights = try record.optionalInt32s(13)
      let barcodes = try record.optionalStrings(14)
      let currencies = try record.strings(15)
      amounts = try record.optionalInt64s(16)
      compareAtAmounts = try record.optionalInt64s(17)
      self.currencies = currencies
      let count = ids.count
      guard
        [skus.count, titles.count, options.count, taxClasses.count, requiresShipping.count, weights.count, barcodes.count]
          .allSatisfy({ $0 == count }), amounts.count == count * currencies.count, compareAtAmounts.count == amounts.count
      else {
        throw .decoding(DecodingFault(column: 10, columnName: "body", wanted: "parallel arrays", reason: .malformed))
      }
      variants = (0..<count).map { index in
        VariantSnapshot(
          id: VariantID(ids[index]), sku: skus[index], title: titles[index], options: options[index],
          taxClass: taxClasses[index], requiresShipping: requiresShipping[index], weightGrams: weights[index],
          barcode: barcodes[index], availability: Availability(letter: index < letters.count ? letters[index] : 0))
      }
    }
  }
}

extension Availability {
  /// The snapshot's letter: the first of the state's name. What is unknown cannot be bought.
  init(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "i"): self = .inStock
    case UInt8(ascii: "l"): self = .low
    case UInt8(ascii: "b"): self = .backorder
    default: self = .out
    }
  }
}
