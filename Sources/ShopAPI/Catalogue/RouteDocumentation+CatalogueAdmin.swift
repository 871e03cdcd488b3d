import Shop

extension RouteDocumentation {
  /// A write of the catalogue: it shows what it made or changed, with its tag.
  private static func write(
    _ id: String, _ summary: String, _ body: Schema? = nil, precondition: Demand, makes note: String, _ schema: Schema,
    isNew: Bool = false, refusals: [Refusal] = []
  ) -> RouteDocumentation {
    RouteDocumentation(
      id, .catalogueAdministration, summary, body: body, key: .accepted, precondition: precondition,
      answers: [
        isNew
          ? Answer(201, note, schema, [.location, .entityTag, .replayed]) : Answer(200, note, schema, [.entityTag, .replayed])
      ], refusals: refusals)
  }

  private static let product = Schema.component(.product)
  private static let category = Schema.component(.category)

  static let createProduct = write(
    "createProduct", "Makes a product with its variants", .component(.newProduct), precondition: .ignored,
    makes: "The product.", product, isNew: true, refusals: [.skuTaken(nil), .handleTaken(nil)])

  static let readProductAsAdmin = RouteDocumentation(
    "readProductAsAdmin", .catalogueAdministration, "Shows a product, whatever its status",
    answers: [Answer(200, "The product.", product, [.entityTag])])

  static let changeProduct = write(
    "changeProduct", "Changes the members that are sent", .component(.productChange), precondition: .required,
    makes: "The product.", product, refusals: [.handleTaken(nil)])

  static let archiveProduct = write(
    "archiveProduct", "Takes a product out of the shop", precondition: .accepted, makes: "The product.", product)

  static let addVariant = write(
    "addVariant", "Adds a variant to a product; a value that an option lacks is added to it", .component(.newVariant),
    precondition: .accepted, makes: "The product.", product, isNew: true, refusals: [.skuTaken(nil)])

  static let changeVariant = write(
    "changeVariant", "Changes the members that are sent, or takes the variant off sale", .component(.variantChange),
    precondition: .required, makes: "The product of the variant.", product, refusals: [.skuTaken(nil)])

  static let setPrices = write(
    "setPrices", "Sets all prices of a variant", .component(.newPrices), precondition: .required,
    makes: "The product of the variant.", product)

  static let listCategoriesAsAdmin = RouteDocumentation(
    "listCategoriesAsAdmin", .catalogueAdministration, "Lists all categories with their versions",
    answers: [Answer(200, "The categories.", .page(of: .category, isWhole: true))])

  static let createCategory = write(
    "createCategory", "Makes a category", .component(.newCategory), precondition: .ignored, makes: "The category.", category,
    isNew: true, refusals: [.handleTaken(nil)])

  static let readCategory = RouteDocumentation(
    "readCategory", .catalogueAdministration, "Shows a category with its version",
    answers: [Answer(200, "The category.", category, [.entityTag])])

  static let changeCategory = write(
    "changeCategory", "Changes the members that are sent", .component(.categoryChange), precondition: .required,
    makes: "The category.", category, refusals: [.handleTaken(nil)])
}
