import JSON
import Shop

extension RouteDocumentation {
  static let adjustStock = RouteDocumentation(
    "adjustStock", .stock, "Corrects what is on hand, by a difference or by a count",
    body: .oneOf([.component(.stockDifference), .component(.stockCount)]), key: .required,
    answers: [Answer(201, "The adjustment and what there is now.", .component(.stockAdjustment), [.replayed])],
    refusals: [.stockReserved(reserved: 0), .stockChanged(onHand: 0)])

  static let listStockLevels = RouteDocumentation(
    "listStockLevels", .stock, "Lists what is where",
    query: [.query("variant_id", .id(VariantKind.self), "Only of this variant."), .limit, .after],
    answers: [Answer(200, "A page of stock levels.", .page(of: .stockLevel), [.links])])
}

extension Component {
  static let stockDifference = Component("StockDifference") {
    .request(
      [
        "variant_id": .id(VariantKind.self),
        "delta": .oneOf([.integer(-StockLevel.highest...(-1)), .integer(1...StockLevel.highest)]), "reason": .text(.reason),
      ],
      optional: ["location_id": Schema.id(LocationKind.self).orNull, "reference": .optionalText(.reference)])
  }

  static let stockCount = Component("StockCount") {
    .request(
      ["variant_id": .id(VariantKind.self), "set": .stock, "reason": .text(.reason)],
      optional: [
        "expected": Schema.integer(-JSONReader.largestInteger...JSONReader.largestInteger)
          .noted("Refused where another number is on hand.").orNull,
        "location_id": Schema.id(LocationKind.self).orNull, "reference": .optionalText(.reference),
      ])
  }

  static let stockAdjustment = Component("StockAdjustment") {
    .view([
      "id": .id(AdjustmentKind.self),
      "variant_id": .id(VariantKind.self),
      "location_id": .id(LocationKind.self),
      "delta": .integer(-StockLevel.highest...StockLevel.highest),
      "on_hand": .stock,
      "reserved": .stock,
      "available": .integer(-StockLevel.highest...StockLevel.highest),
      "reason": .text(.reason),
      "created_at": .timestamp,
    ])
  }

  static let stockLevel = Component("StockLevel") {
    .view([
      "variant_id": .id(VariantKind.self),
      "location_id": .id(LocationKind.self),
      "on_hand": .stock,
      "reserved": .stock,
      "available": .integer(-StockLevel.highest...StockLevel.highest),
      "backorder_limit": .stock,
      "version": .version,
    ])
  }
}
