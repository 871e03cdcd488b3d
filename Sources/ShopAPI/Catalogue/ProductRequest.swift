import Shop

/// What admins send of a product. Faults of the form and of the rules are told together.
enum ProductRequest {
  static func product(_ context: RequestContext) throws -> NewProduct {
    var fields = try Fields(context.request)
    var draft = ProductDraft()
    draft.title = fields.string("title")
    draft.handle = fields.string("handle")
    draft.description = fields.string("description")
    draft.status = fields.string("status")
    draft.attributes = fields.pairs("attributes")?.map { Attribute(name: $0.name, value: $0.value) } ?? []
    draft.options =
      fields.objects("options") { option in
        option.require("name", "values")
        return ProductOption(name: option.string("name") ?? "", values: option.strings("values") ?? [])
      } ?? []
    draft.categories = fields.strings("category_ids") ?? []
    draft.media = media(&fields) ?? []
    draft.variants = fields.objects("variants", variant) ?? []
    let product = try fields.check { () throws(Refusal) in try draft.checked() }
    return try fields.finish(product)
  }

  /// A merge patch (RFC 7396).
  static func change(_ context: RequestContext) throws -> ProductChange.Checked {
    var fields = try Fields(context.request)
    var change = ProductChange()
    change.title = text("title", &fields)
    change.handle = text("handle", &fields)
    // Null takes a description away.
    change.description = fields.string("description") ?? (fields.isNull("description") ? "" : nil)
    change.status = text("status", &fields)
    if let attributes = fields.mergedPairs("attributes") {
      change.attributes = AttributeChange(merging: attributes)
    } else if fields.isNull("attributes") {
      change.attributes = AttributeChange(isCleared: true)
    }
    change.categories = fields.strings("category_ids") ?? (fields.isNull("category_ids") ? [] : nil)
    change.media = media(&fields) ?? (fields.isNull("media") ? [] : nil)
    let checked = try fields.check { () throws(Refusal) in try change.checked() }
    return try fields.finish(checked)
  }

  /// A member that a product or variant cannot be without: null is a fault.
  private static func text(_ name: String, _ fields: inout Fields) -> String? {
    if fields.isNull(name) { fields.require(name) }
    return fields.string(name)
  }

  private static func media(_ fields: inout Fields) -> [MediaItem]? {
    fields.objects("media") { item in
      item.require("url")
      return MediaItem(url: item.string("url") ?? "", alt: item.string("alt"))
    }
  }

  private static func variant(_ fields: inout Fields) -> VariantDraft {
    var draft = VariantDraft()
    draft.sku = fields.string("sku")
    draft.title = fields.string("title")
    draft.options = optionValues(&fields)
    draft.prices = prices(&fields) ?? []
    draft.taxClass = fields.string("tax_class")
    draft.requiresShipping = fields.bool("requires_shipping")
    draft.weightGrams = fields.integer("weight_g")
    draft.barcode = fields.string("barcode")
    draft.stock = fields.integer("stock")
    return draft
  }

  private static func optionValues(_ fields: inout Fields) -> [OptionValue] {
    fields.pairs("options")?.map { OptionValue(name: $0.name, value: $0.value) } ?? []
  }

  /// The body of `POST …/variants`.
  static func variant(_ context: RequestContext) throws -> VariantDraft {
    var fields = try Fields(context.request)
    let draft = variant(&fields)
    return try fields.finish(draft)
  }

  static func variantChange(_ context: RequestContext) throws -> VariantChange {
    var fields = try Fields(context.request)
    var change = VariantChange()
    change.sku = text("sku", &fields)
    let title = fields.string("title")
    if fields.contains("title") { change.title = .some(title) }
    change.options = optionValues(&fields)
    change.taxClass = text("tax_class", &fields)
    if fields.isNull("requires_shipping") { fields.require("requires_shipping") }
    change.requiresShipping = fields.bool("requires_shipping")
    let weight = fields.integer("weight_g")
    if fields.contains("weight_g") { change.weightGrams = .some(weight) }
    let barcode = fields.string("barcode")
    if fields.contains("barcode") { change.barcode = .some(barcode) }
    change.status = text("status", &fields)
    try fields.finish()
    return change
  }

  private static func prices(_ fields: inout Fields) -> [PriceDraft]? {
    fields.objects("prices") { price in
      PriceDraft(
        amount: price.integer("amount"), currency: price.string("currency"), compareAtAmount: price.integer("compare_at_amount"))
    }
  }

  /// The body of `PUT …/prices`: `{"prices":[…]}`.
  static func prices(_ context: RequestContext) throws -> [Price] {
    var fields = try Fields(context.request)
    fields.require("prices")
    let drafts = prices(&fields) ?? []
    let prices = try fields.check { () throws(Refusal) in try PriceDraft.checked(drafts) }
    return try fields.finish(prices)
  }

  static func category(_ context: RequestContext) throws -> CategoryDraft {
    var fields = try Fields(context.request)
    let draft = category(&fields)
    try fields.finish()
    return draft
  }

  static func categoryChange(_ context: RequestContext) throws -> CategoryDraft {
    var fields = try Fields(context.request)
    for name in ["title", "handle", "position"] where fields.isNull(name) { fields.require(name) }
    let draft = category(&fields)
    try fields.finish()
    return draft
  }

  private static func category(_ fields: inout Fields) -> CategoryDraft {
    var draft = CategoryDraft(
      title: fields.string("title"), handle: fields.string("handle"), position: fields.integer("position"))
    let parent = fields.string("parent_id")
    if fields.contains("parent_id") { draft.parent = .some(parent) }
    return draft
  }
}
