extension ImportRow {
  /// The product of this row, or all that is wrong with it.
  ///
  /// One variant without options; the handle is the name and the first 8 characters of the external id, so that equal names do
  /// not collide and a second import finds the same product; category and style are two levels; audience is an attribute.
  /// - Parameter mediaBase: put before the image's name: `https://images.example/products/`.
  package func imported(mediaBase: String = "") -> Result<Imported, Flaws> {
    var flaws: [Flaw] = []
    func flaw(_ column: String, _ code: Fault.Code, _ detail: String) {
      flaws.append(Flaw(column: column, code: code, detail: detail))
    }

    var faults = Faults()
    let externalID = TextRule.externalID.required(externalID, at: "external_id", &faults)
    let title = TextRule.title.required(name, at: "name", &faults)
    let description = TextRule.productDescription.optional(description, at: "description", &faults) ?? ""
    for fault in faults.all { flaw(fault.pointer, fault.code, fault.detail) }

    let sku = SKU(sku)
    if sku == nil { flaw("sku", .malformed, "A SKU is 1 to \(SKU.longest) visible ASCII characters without blanks.") }
    let handle = title.flatMap { title in
      externalID.flatMap { Handle(slugOf: title, suffix: Self.handleSuffix(of: $0)) }
    }
    if handle == nil, title != nil, externalID != nil {
      flaw("external_id", .malformed, "Its first 8 characters must be letters, digits and hyphens.")
    }
    let price = checkedPrice(flaw)
    let stock = Int64(self.stock)
    if stock.map({ !(0...StockLevel.highest).contains($0) }) ?? true {
      flaw("stock", .outOfRange, "A whole number from 0 to \(StockLevel.highest).")
    }
    let media = image.isEmpty ? [] : [MediaItem(url: mediaBase + image, alt: title)]
    if !media.allSatisfy({ MediaItem.isURL($0.url) }) { flaw("image", .malformed, "Not a file name or an http(s) URL.") }
    let path = checkedPath(flaw)
    let attributes = audienceAttributes(flaw)

    guard flaws.isEmpty, let externalID, let title, let sku, let handle, let price, let stock else {
      return .failure(Flaws(all: flaws))
    }
    let variant = NewVariant(sku: sku, title: title, options: [], prices: [price], stock: stock)
    return .success(
      Imported(
        externalID: externalID,
        product: NewProduct(
          title: title, handle: handle, isHandleGiven: true, description: description, status: .active, attributes: attributes,
          options: [], categories: [], media: media, variants: [variant]),
        path: path))
  }

  /// All that is wrong with one row.
  package struct Flaws: Error, Hashable, Sendable {
    package let all: [Flaw]
  }

  private static func handleSuffix(of externalID: String) -> String {
    String(decoding: externalID.lowercased().utf8.prefix(8), as: UTF8.self)
  }

  private func checkedPrice(_ flaw: (String, Fault.Code, String) -> Void) -> Price? {
    guard let known = Currency(currency) else {
      flaw("currency", .notAllowed, "Not an active currency code of ISO 4217.")
      return nil
    }
    do throws(Money.ParseError) {
      let money = try Money(decimal: price, known)
      guard (0...Money.highestPrice).contains(money.amount) else {
        flaw("price", .outOfRange, "From 0 to \(Money(Money.highestPrice, known)).")
        return nil
      }
      return Price(amount: money.amount, currency: known)
    } catch {
      switch error {
      case .notANumber: flaw("price", .malformed, "Not a decimal number such as 89.99.")
      case .tooManyDecimals(let allowed): flaw("price", .malformed, "\(known) has \(allowed) decimals.")
      case .tooLarge: flaw("price", .outOfRange, "From 0 to \(Money(Money.highestPrice, known)).")
      }
      return nil
    }
  }

  private func checkedPath(_ flaw: (String, Fault.Code, String) -> Void) -> [CategoryStep] {
    guard !category.isEmpty else {
      if !style.isEmpty { flaw("style", .conflicting, "A style needs a category.") }
      return []
    }
    guard let top = step("category", category, under: nil, flaw) else { return [] }
    guard !style.isEmpty else { return [top] }
    return [top] + (step("style", style, under: category, flaw).map { [$0] } ?? [])
  }

  private func step(
    _ column: String, _ text: String, under parent: String?, _ flaw: (String, Fault.Code, String) -> Void
  ) -> CategoryStep? {
    var faults = Faults()
    let title = TextRule.categoryTitle.required(text, at: column, &faults)
    for fault in faults.all { flaw(fault.pointer, fault.code, fault.detail) }
    guard let title else { return nil }
    guard let handle = Handle(slugOf: text) else {
      flaw(column, .malformed, "No handle can be made from this.")
      return nil
    }
    return CategoryStep(
      handle: handle, fallback: parent.flatMap { Handle(slugOf: $0 + " " + text) },
      title: title.prefix(1).uppercased() + title.dropFirst())
  }

  private func audienceAttributes(_ flaw: (String, Fault.Code, String) -> Void) -> [Attribute] {
    guard !audience.isEmpty else { return [] }
    var faults = Faults()
    let value = TextRule.attributeValue.required(audience, at: "audience", &faults)
    for fault in faults.all { flaw(fault.pointer, fault.code, fault.detail) }
    return value.map { [Attribute(name: "audience", value: $0)] } ?? []
  }
}
