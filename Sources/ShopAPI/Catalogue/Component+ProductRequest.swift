import JSON
import Shop

// What admins send of the catalogue.

extension Component {
  static let newProduct = Component("NewProduct") {
    .request(
      ["title": .text(.title), "variants": .list(.component(.newVariant), 1...ProductDraft.mostVariants)],
      optional: [
        "handle": Schema.handle.noted("Made from the title where none is given.").orNull,
        "description": .optionalText(.productDescription),
        "status": Schema.choice(ProductStatus.self).noted("`\(ProductStatus.draft.rawValue)` where nothing is said.").orNull,
        "attributes": Schema.attributes.orNull,
        "options": Schema.list(
          .request([
            "name": .text(.optionName), "values": .list(.text(.optionValue), 1...ProductDraft.mostOptionValues),
          ]), 0...ProductDraft.mostOptions
        ).orNull,
        "category_ids": Schema.categoryIDs.orNull,
        "media": Schema.media.orNull,
      ])
  }

  static let newVariant = Component("NewVariant") {
    .request(
      ["sku": .sku],
      optional: [
        "title": .optionalText(.title),
        "options": Schema.options.noted("A value for every option.").orNull,
        "prices": Schema.list(.component(.newPrice)).noted("One a currency.").orNull,
        "tax_class": Schema.choice(TaxClass.self).noted("`\(TaxClass.standard.rawValue)` where nothing is said.").orNull,
        "requires_shipping": Schema.boolean.orNull,
        "weight_g": Schema.weight.orNull,
        "barcode": .optionalText(.barcode),
        "stock": Schema.stock.noted("On hand from the start.").orNull,
      ])
  }

  static let variantChange = Component("VariantChange") {
    .request(optional: [
      "sku": .sku,
      "title": Schema.optionalText(.title).noted("Null makes it from the option values."),
      "options": Schema.options.noted("Those that change.").orNull,
      "tax_class": .choice(TaxClass.self),
      "requires_shipping": .boolean,
      "weight_g": Schema.weight.orNull,
      "barcode": .optionalText(.barcode),
      "status": Schema.choice(VariantStatus.self).noted("An archived variant is not sold, and not shown."),
    ])
  }

  static let newPrice = Component("NewPrice") {
    .request(
      ["amount": .integer(0...Money.highestPrice), "currency": .currency],
      optional: ["compare_at_amount": Schema.integer(1...Money.highestPrice + 1).noted("Above the amount.").orNull])
  }

  static let newPrices = Component("NewPrices") {
    .request(["prices": Schema.list(.component(.newPrice)).noted("All prices of the variant, one a currency.")])
  }

  static let productChange = Component("ProductChange") {
    .request(optional: [
      "title": .text(.title),
      "handle": .handle,
      "description": .optionalText(.productDescription),
      "status": .choice(ProductStatus.self),
      "attributes": Schema.attributeChange.orNull,
      "category_ids": Schema.categoryIDs.orNull,
      "media": Schema.media.orNull,
    ])
  }

  static let newCategory = Component("NewCategory") {
    .request(
      ["title": .text(.categoryTitle)],
      optional: [
        "handle": Schema.handle.noted("Made from the title where none is given.").orNull,
        "parent_id": Schema.id(CategoryKind.self).orNull,
        "position": Schema.position.orNull,
      ])
  }

  static let categoryChange = Component("CategoryChange") {
    .request(optional: [
      "title": .text(.categoryTitle),
      "handle": .handle,
      "parent_id": Schema.id(CategoryKind.self).noted("Null moves it to the top.").orNull,
      "position": .position,
    ])
  }
}

extension Schema {
  fileprivate static let attributes = map(text(.attributeValue), names: Component.attributeName, most: Attribute.most)
  fileprivate static let attributeChange = map(
    Schema.text(.attributeValue).orNull, names: Component.attributeName, most: Attribute.most
  ).noted("Those that are not named stay, null takes one away.")
  fileprivate static let categoryIDs = list(id(CategoryKind.self), 0...ProductDraft.mostCategories)
  fileprivate static let media = list(
    request(["url": .mediaURL], optional: ["alt": .optionalText(.mediaAlt)]), 0...MediaItem.most)
}
