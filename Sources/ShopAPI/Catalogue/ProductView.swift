import JSON
import Shop
import ShopStore

/// A product on the wire.
struct ProductView {
  let product: ProductSnapshot
  /// Of the price range; another is taken where the product has no price in it.
  let currency: Currency?

  /// Writes the product; a listing leaves the description out.
  func write(to json: inout JSONWriter, withDescription: Bool) {
    json.beginObject()
    json.key("id")
    json.identifier(product.id)
    json.key("handle")
    json.string(product.handle)
    json.key("title")
    json.string(product.title)
    if withDescription {
      json.key("description")
      json.string(product.description)
    }
    json.key("status")
    json.string(product.status)
    json.key("attributes")
    json.raw(product.attributes)
    writeOptions(to: &json)
    writeCategories(to: &json)
    writeMedia(to: &json)
    json.key("variants")
    json.beginArray()
    for (index, variant) in product.variants.enumerated() { write(variant, at: index, to: &json) }
    json.endArray()
    writePriceRange(to: &json)
    json.key("created_at")
    json.timestamp(product.createdAt)
    json.key("updated_at")
    json.timestamp(product.updatedAt)
    json.key("version")
    json.integer(product.version)
    json.endObject()
  }

  private func writeOptions(to json: inout JSONWriter) {
    json.key("options")
    json.beginArray()
    for (name, values) in zip(product.optionNames, product.optionValues) {
      json.beginObject()
      json.key("name")
      json.string(name)
      json.key("values")
      json.raw(text: values)
      json.endObject()
    }
    json.endArray()
  }

  private func writeCategories(to json: inout JSONWriter) {
    json.key("categories")
    json.beginArray()
    for category in product.categories {
      json.beginObject()
      json.key("id")
      json.identifier(category.id)
      json.key("handle")
      json.string(category.handle)
      json.key("title")
      json.string(category.title)
      json.endObject()
    }
    json.endArray()
  }

  private func writeMedia(to json: inout JSONWriter) {
    json.key("media")
    json.beginArray()
    for item in product.media {
      json.beginObject()
      json.key("url")
      json.string(item.url)
      json.key("alt")
      json.string(orNull: item.alt)
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ variant: ProductSnapshot.VariantSnapshot, at index: Int, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(variant.id)
    json.key("product_id")
    json.identifier(product.id)
    json.key("sku")
    json.string(variant.sku)
    json.key("title")
    json.string(variant.title)
    json.key("options")
    json.raw(text: variant.options)
    json.key("prices")
    json.beginArray()
    for (place, currency) in product.currencies.enumerated() {
      guard let price = product.price(variant: index, currency: place) else { continue }
      json.beginObject()
      json.key("amount")
      json.integer(price.amount)
      json.key("currency")
      json.string(currency)
      json.key("compare_at_amount")
      json.integer(orNull: price.compareAt)
      json.endObject()
    }
    json.endArray()
    json.key("tax_class")
    json.string(variant.taxClass)
    json.key("requires_shipping")
    json.bool(variant.requiresShipping)
    json.key("weight_g")
    json.integer(orNull: variant.weightGrams.map(Int64.init))
    json.key("barcode")
    json.string(orNull: variant.barcode)
    json.key("availability")
    json.string(variant.availability.rawValue)
    json.endObject()
  }

  private func writePriceRange(to json: inout JSONWriter) {
    json.key("price_range")
    let wanted = currency.flatMap { product.currencies.firstIndex(of: $0.code) } ?? product.currencies.firstIndex(of: "USD") ?? 0
    guard !product.currencies.isEmpty else { return json.null() }
    let amounts = product.variants.indices.compactMap { product.price(variant: $0, currency: wanted)?.amount }
    guard let least = amounts.min(), let most = amounts.max() else { return json.null() }
    json.beginObject()
    for (name, amount) in [("min", least), ("max", most)] {
      json.key(escaping: name)
      json.beginObject()
      json.key("amount")
      json.integer(amount)
      json.key("currency")
      json.string(product.currencies[wanted])
      json.endObject()
    }
    json.endObject()
  }
}
