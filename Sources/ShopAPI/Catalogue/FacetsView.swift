import JSON
import Shop
import ShopStore

/// What a listing could be narrowed down to, with counts.
struct FacetsView {
  let facets: ProductFacets
  let currency: Currency

  func body() -> [UInt8] {
    var json = JSONWriter(capacity: 2_048)
    json.beginObject()
    json.key("count")
    json.integer(facets.count)
    json.key("attributes")
    json.beginArray()
    for attribute in facets.attributes {
      json.beginObject()
      json.key("name")
      json.string(attribute.name)
      json.key("values")
      json.beginArray()
      for value in attribute.values {
        json.beginObject()
        json.key("value")
        json.string(value.value)
        json.key("count")
        json.integer(value.count)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.key("categories")
    json.beginArray()
    for category in facets.categories {
      json.beginObject()
      json.key("id")
      json.identifier(category.id)
      json.key("handle")
      json.string(category.handle)
      json.key("title")
      json.string(category.title)
      json.key("count")
      json.integer(category.count)
      json.endObject()
    }
    json.endArray()
    json.key("in_stock")
    json.integer(facets.inStock)
    json.key("price")
    if let price = facets.price {
      json.beginObject()
      json.key("min")
      json.money(Money(price.lowerBound, currency))
      json.key("max")
      json.money(Money(price.upperBound, currency))
      json.endObject()
    } else {
      json.null()
    }
    json.endObject()
    return json.finish()
  }
}
