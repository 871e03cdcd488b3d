import JSON
import Shop
import ShopStore

/// A product on the wire.
struct ProductView {
  let product: ProductSnapshot
  /// Of the price range; another is taken where the product has no price in it.
  let currency: Currency?

  /// Writes the product; a listing, which has none, leaves the description out.
  func write(to json: inout JSONWriter) throws {
    try product.read { contents in write(contents, to: &json) }
  }

  private func write(_ contents: ProductContents, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(product.id)
    json.key("handle")
    json.string(utf8: contents.handle)
    json.key("title")
    json.string(utf8: contents.title)
    if let description = contents.description {
      json.key("description")
      json.string(utf8: description)
    }
    json.key("status")
    json.string(utf8: contents.status)
    json.key("attributes")
    json.raw(contents.attributes)
    json.key("options")
    Self.write(contents.options, to: &json)
    json.key("categories")
    Self.write(contents.categories, to: &json)
    json.key("media")
    Self.write(contents.media, to: &json)
    json.key("variants")
    json.beginArray()
    for variant in contents.variants { write(variant, to: &json) }
    json.endArray()
    json.key("price_range")
    writePriceRange(of: contents, to: &json)
    json.key("created_at")
    json.timestamp(contents.createdAt)
    json.key("updated_at")
    json.timestamp(contents.updatedAt)
    json.key("version")
    json.integer(product.version)
    json.endObject()
  }

  private static func write(_ options: ProductContents.Options, to json: inout JSONWriter) {
    json.beginArray()
    for option in options {
      json.beginObject()
      json.key("name")
      json.string(utf8: option.name)
      json.key("values")
      json.raw(option.values)
      json.endObject()
    }
    json.endArray()
  }

  private static func write(_ categories: ProductContents.Categories, to json: inout JSONWriter) {
    json.beginArray()
    for category in categories {
      json.beginObject()
      json.key("id")
      json.identifier(category.id)
      json.key("handle")
      json.string(utf8: category.handle)
      json.key("title")
      json.string(utf8: category.title)
      json.endObject()
    }
    json.endArray()
  }

  private static func write(_ media: ProductContents.Media, to json: inout JSONWriter) {
    json.beginArray()
    for item in media {
      json.beginObject()
      json.key("url")
      json.string(utf8: item.url)
      json.key("alt")
      json.string(utf8OrNull: item.alt)
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ variant: ProductContents.Variant, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(variant.id)
    json.key("product_id")
    json.identifier(product.id)
    json.key("sku")
    json.string(utf8: variant.sku)
    json.key("title")
    json.string(utf8: variant.title)
    json.key("options")
    json.raw(variant.options)
    json.key("prices")
    json.beginArray()
    for price in variant.prices {
      json.beginObject()
      json.key("amount")
      json.integer(price.amount)
      json.key("currency")
      json.string(utf8: price.currency)
      json.key("compare_at_amount")
      json.integer(orNull: price.compareAt)
      json.endObject()
    }
    json.endArray()
    json.key("tax_class")
    json.string(utf8: variant.taxClass)
    json.key("requires_shipping")
    json.bool(variant.requiresShipping)
    json.key("weight_g")
    json.integer(orNull: variant.weightGrams.map(Int64.init))
    json.key("barcode")
    json.string(utf8OrNull: variant.barcode)
    json.key("availability")
    json.string(variant.availability.rawValue)
    json.endObject()
  }

  private func writePriceRange(of contents: ProductContents, to json: inout JSONWriter) {
    guard let range = contents.priceRange(in: currency) else { return json.null() }
    json.beginObject()
    json.key("min")
    Self.write(range.amounts.lowerBound, range.currency, to: &json)
    json.key("max")
    Self.write(range.amounts.upperBound, range.currency, to: &json)
    json.endObject()
  }

  private static func write(_ amount: Int64, _ currency: UnsafeRawBufferPointer, to json: inout JSONWriter) {
    json.beginObject()
    json.key("amount")
    json.integer(amount)
    json.key("currency")
    json.string(utf8: currency)
    json.endObject()
  }
}
