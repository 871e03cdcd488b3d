import JSON
import Shop

// What the catalogue's views write.

extension Component {
  static let productSummary = Component("ProductSummary") {
    .view([
      "id": .id(ProductKind.self),
      "handle": .handle,
      "title": .text(TextRule.title),
      "status": .choice(ProductStatus.self),
      "attributes": .map(.component(.attributeValue), names: attributeName, most: Attribute.most),
      "options": .list(.component(.productOption), 0...ProductDraft.mostOptions),
      "categories": .list(.component(.categorySummary)),
      "media": .list(.component(.mediaItem)),
      "variants": .list(.component(.variant)),
      "price_range": .component(.priceRange).orNull,
      "created_at": .timestamp,
      "updated_at": .timestamp,
      "version": .version,
    ])
  }

  /// Listings leave the description out.
  static let product = Component("Product") {
    .component(.productSummary, with: ["description": .text(0...TextRule.productDescription.longest)])
  }

  static let attributeValue = Component("AttributeValue") {
    Schema.oneOf([.text(TextRule.attributeValue), .list(.text(TextRule.attributeValue))]).noted("One value, or several.")
  }

  static let attributeName = "^[a-z0-9_-]{1,\(TextRule.attributeName.longest)}$"

  static let productOption = Component("ProductOption") {
    .view([
      "name": .text(TextRule.optionName),
      "values": .list(.text(TextRule.optionValue), 1...ProductDraft.mostOptionValues),
    ])
  }

  static let categorySummary = Component("CategorySummary") {
    .view(["id": .id(CategoryKind.self), "handle": .handle, "title": .text(TextRule.categoryTitle)])
  }

  static let mediaItem = Component("MediaItem") {
    .view(["url": .mediaURL, "alt": .text(TextRule.mediaAlt).orNull])
  }

  static let variant = Component("Variant") {
    .view([
      "id": .id(VariantKind.self),
      "product_id": .id(ProductKind.self),
      "sku": .sku,
      "title": .text(),
      "options": .options,
      "prices": .list(
        .view([
          "amount": .integer(0...Money.highestPrice), "currency": .currency,
          "compare_at_amount": .integer(1...Money.highestPrice + 1).noted("The crossed-out price.").orNull,
        ])),
      "tax_class": .choice(TaxClass.self),
      "requires_shipping": .boolean,
      "weight_g": .weight.orNull,
      "barcode": .text(TextRule.barcode).orNull,
      "availability": .choice(Availability.self),
    ])
  }

  static let priceRange = Component("PriceRange") {
    .view(["min": .money, "max": .money])
  }

  static let facets = Component("Facets") {
    .view([
      "count": .count.noted("Of products that pass the filter."),
      "attributes": .list(
        .view(["name": .text(), "values": .list(.view(["value": .text(), "count": .count]))])),
      "categories": .list(
        .view(["id": .id(CategoryKind.self), "handle": .handle, "title": .text(TextRule.categoryTitle), "count": .count])),
      "in_stock": .count,
      "price": .component(.priceRange).orNull,
    ])
  }

  static let categoryNode: Component = Component("CategoryNode") {
    .view([
      "id": .id(CategoryKind.self),
      "handle": .handle,
      "title": .text(TextRule.categoryTitle),
      "parent_id": .id(CategoryKind.self).orNull,
      "position": .position,
      "children": .list(.component(.categoryNode)),
    ])
  }

  static let category = Component("Category") {
    .view([
      "id": .id(CategoryKind.self),
      "handle": .handle,
      "title": .text(TextRule.categoryTitle),
      "parent_id": .id(CategoryKind.self).orNull,
      "position": .position,
      "version": .version,
    ])
  }
}
