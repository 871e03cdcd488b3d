/// A made-up catalogue for demos, tests and measurements: the same seed gives the same products, ids included, one by one and in
/// any order, so that 10,000 products begin with the 1,000 of the same seed.
package struct GeneratedCatalogue: Sendable {
  package let seed: UInt64
  /// Parents before their children.
  package let categories: [Category]
  private let shelves: [(department: GeneratedDepartment, style: GeneratedStyle, ids: [CategoryID])]

  /// A product with the ids that it will have.
  package struct Product: Hashable, Sendable {
    package let id: ProductID
    package let externalID: String
    package let createdAt: Timestamp
    package let product: NewProduct
    /// One a variant.
    package let variants: [VariantID]
    /// The ids of the first stock movements, one a variant.
    package let movements: [AdjustmentID]
  }

  /// 2024-01-01T00:00:00Z; each product is a minute younger than the one before it.
  private static let birth: Int64 = 1_704_067_200_000

  package init(seed: UInt64) {
    self.seed = seed
    var random = SplitMix64(seed: seed ^ 0x6361_7465_676F_7279)
    var categories: [Category] = []
    var shelves: [(GeneratedDepartment, GeneratedStyle, [CategoryID])] = []
    func add(_ title: String, under parent: CategoryID?, _ handle: String, position: Int) -> CategoryID {
      let id = CategoryID(Self.uuid(Self.birth, categories.count, &random))
      if let handle = Handle(slugOf: handle) {
        categories.append(Category(id: id, parent: parent, handle: handle, title: title, position: Int64(position)))
      }
      return id
    }
    for (place, department) in GeneratedDepartment.all.enumerated() {
      let top = add(department.title, under: nil, department.title, position: place)
      for (position, style) in department.styles.enumerated() {
        let id = add(style.title, under: top, department.title + " " + style.title, position: position)
        shelves.append((department, style, [id]))
      }
    }
    self.categories = categories
    self.shelves = shelves.map { (department: $0.0, style: $0.1, ids: $0.2) }
  }

  /// What every product of this seed has in front of its external id.
  package var externalIDPrefix: String { "generated-\(seed)-" }

  /// The product at `index`, from 0.
  package func product(_ index: Int) -> Product? {
    var random = SplitMix64(seed: seed &* 0x2545_F491_4F6C_DD1D ^ UInt64(index))
    let shelf = shelves[random.below(shelves.count)]
    let style = shelf.style
    let number = Self.padded(index + 1, to: 6)
    let milliseconds = Self.birth + Int64(index) * 60_000
    let color = random.pick(Self.colors, or: "black")
    let material = random.pick(style.materials, or: "cotton")
    let brand = random.pick(Self.brands, or: "Norden")
    let title = [
      random.pick(Self.adjectives, or: "Plain"), Self.capitalized(material), random.pick(style.nouns, or: style.title),
    ].joined(separator: " ")
    guard let handle = Handle(slugOf: title, suffix: number) else { return nil }

    let options = options(of: style, color, &random)
    let selections = options.isEmpty ? [[]] : Self.combinations(of: options)
    let base = random.logNormal(median: style.price, octaves: 52_000)
    let isReduced = random.chance(percent: 15)
    let weight = random.logNormal(median: style.grams, octaves: 30_000)
    var variants: [NewVariant] = []
    for (position, selection) in selections.enumerated() {
      guard let sku = SKU("\(shelf.department.code)-\(number)-\(Self.padded(position + 1, to: 2))") else { return nil }
      let stock = random.chance(percent: 5) ? 0 : Int64(1 + random.below(200))
      variants.append(
        NewVariant(
          sku: sku, title: selection.isEmpty ? title : selection.map(\.value).joined(separator: " / "), options: selection,
          prices: Self.prices(base + base * Int64(position) / 50, isReduced: isReduced), taxClass: shelf.department.taxClass,
          requiresShipping: true, weightGrams: max(weight, 1), barcode: Self.barcode(index, position), stock: stock))
    }

    let detail = random.pick(Self.details, or: "")
    let description =
      "\(title) by \(brand): \(style.promise) \(detail) Made of \(material), in \(color). \(random.pick(Self.closings, or: ""))"
    let pictures = 1 + random.below(3)
    let media = (1...pictures).map { MediaItem(url: "generated/\(number)-\($0).jpg", alt: "\(title), view \($0)") }
    let id = ProductID(Self.uuid(milliseconds, 0, &random))
    return Product(
      id: id, externalID: externalIDPrefix + number, createdAt: Timestamp(microseconds: milliseconds * 1_000),
      product: NewProduct(
        title: title, handle: handle, isHandleGiven: true, description: description, status: .active,
        attributes: [
          Attribute(name: "brand", value: brand), Attribute(name: "color", value: color),
          Attribute(name: "material", value: material), Attribute(name: "season", value: random.pick(Self.seasons, or: "all")),
        ],
        options: options, categories: shelf.ids, media: media, variants: variants),
      variants: variants.indices.map { VariantID(Self.uuid(milliseconds, $0 + 1, &random)) },
      movements: variants.indices.map { AdjustmentID(Self.uuid(milliseconds, $0 + 1, &random)) })
  }

  // MARK: Parts

  /// None, one or two options, with 1 to 12 variants in all.
  private func options(of style: GeneratedStyle, _ color: String, _ random: inout SplitMix64) -> [ProductOption] {
    var options: [ProductOption] = []
    if !style.sizes.isEmpty && random.chance(percent: 75) {
      let count = min(style.sizes.count, 2 + random.below(3))
      let start = random.below(style.sizes.count - count + 1)
      options.append(ProductOption(name: "size", values: Array(style.sizes[start..<start + count])))
    }
    if random.chance(percent: 30) {
      var colors = [color]
      for _ in 0...random.below(2) {
        let another = random.pick(Self.colors, or: color)
        if !colors.contains(another) { colors.append(another) }
      }
      options.append(ProductOption(name: "color", values: colors))
    }
    return options
  }

  private static func combinations(of options: [ProductOption]) -> [[OptionValue]] {
    options.reduce([[]]) { partial, option in
      partial.flatMap { chosen in option.values.map { chosen + [OptionValue(name: option.name, value: $0)] } }
    }
  }

  /// From dollars: what euros and pounds cost is rounded down to a price that ends in 9, too.
  private static func prices(_ dollars: Int64, isReduced: Bool) -> [Price] {
    [(Currency.eur, Int64(93)), (.gbp, 79), (.usd, 100)].map { currency, percent in
      let amount = max(dollars * percent / 10_000, 1) * 100 + 99
      return Price(amount: amount, currency: currency, compareAtAmount: isReduced ? amount * 5 / 400 * 100 + 99 : nil)
    }
  }

  /// A number in GTIN-13's range for use inside a shop (it begins with 2), with its check digit.
  private static func barcode(_ index: Int, _ position: Int) -> String {
    let digits = "2" + padded(index + 1, to: 9) + padded(position + 1, to: 2)
    let sum = digits.utf8.prefix(12).enumerated().reduce(0) { $0 + Int($1.element - 0x30) * ($1.offset % 2 == 0 ? 1 : 3) }
    return digits + "\((10 - sum % 10) % 10)"
  }

  private static func uuid(_ milliseconds: Int64, _ counter: Int, _ random: inout SplitMix64) -> UUIDv7 {
    UUIDv7(
      high: UInt64(milliseconds) << 16 | 0x7000 | UInt64(counter & 0xFFF),
      low: random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
