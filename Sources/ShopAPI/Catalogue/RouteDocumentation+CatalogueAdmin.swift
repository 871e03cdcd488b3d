import Shop

extension RouteDocumentation {
  private static let product = Schema.component(.product)
  private static let category = Schema.component(.category)
  private static let skuTaken: [Refusal] = SKU("MUG-S").map { [.skuTaken($0)] } ?? []
  private static let handleTaken: [Refusal] = Handle("mug").map { [.handleTaken($0)] } ?? []

  static let createProduct = RouteDocumentation(
    "createProduct", .catalogueAdministration, "Makes a product with its variants", body: .component(.newProduct),
    answers: [Answer(201, "The product.", product, [.location, .entityTag])],
    refusals: skuTaken + handleTaken)

  static let readProductAsAdmin = RouteDocumentation(
    "readProductAsAdmin", .catalogueAdministration, "Shows a product, whatever its status",
    answers: [Answer(200, "The product.", product, [.entityTag])])

  static let changeProduct = RouteDocumentation(
    "changeProduct", .catalogueAdministration, "Changes the members that are sent", body: .component(.productChange),
    precondition: .required, answers: [Answer(200, "The product.", product, [.entityTag])], refusals: handleTaken)

  static let archiveProduct = RouteDocumentation(
    "archiveProduct", .catalogueAdministration, "Takes a product out of the shop", precondition: .accepted,
    answers: [Answer(200, "The product.", product, [.entityTag])])

  static let setPrices = RouteDocumentation(
    "setPrices", .catalogueAdministration, "Sets all prices of a variant", body: .component(.newPrices), precondition: .required,
    answers: [Answer(200, "The product of the variant.", product, [.entityTag])])

  static let listCategoriesAsAdmin = RouteDocumentation(
    "listCategoriesAsAdmin", .catalogueAdministration, "Lists all categories with their versions",
    answers: [Answer(200, "The categories.", .page(of: .category))])

  static let createCategory = RouteDocumentation(
    "createCategory", .catalogueAdministration, "Makes a category", body: .component(.newCategory),
    answers: [Answer(201, "The category.", category, [.location, .entityTag])], refusals: handleTaken)

  static let readCategory = RouteDocumentation(
    "readCategory", .catalogueAdministration, "Shows a category with its version",
    answers: [Answer(200, "The category.", category, [.entityTag])])

  static let changeCategory = RouteDocumentation(
    "changeCategory", .catalogueAdministration, "Changes the members that are sent", body: .component(.categoryChange),
    precondition: .required, answers: [Answer(200, "The category.", category, [.entityTag])], refusals: handleTaken)
}
