import Postgres
import Shop

extension ProductContents {
  /// The options that variants differ in.
  package struct Options: Sequence, IteratorProtocol {
    var names: BinaryArray
    var values: BinaryArray

    var areParallel: Bool { names.count == values.count }

    /// The values are a JSON array.
    package mutating func next() -> (name: UnsafeRawBufferPointer, values: UnsafeRawBufferPointer)? {
      names.count > 0 ? (names.nextText(), values.nextText()) : nil
    }
  }

  package struct Categories: Sequence, IteratorProtocol {
    var ids: BinaryArray
    var handles: BinaryArray
    var titles: BinaryArray

    var areParallel: Bool { handles.count == ids.count && titles.count == ids.count }

    package mutating func next() -> (id: CategoryID, handle: UnsafeRawBufferPointer, title: UnsafeRawBufferPointer)? {
      ids.count > 0 ? (CategoryID(ids.nextUUID()), handles.nextText(), titles.nextText()) : nil
    }
  }

  package struct Media: Sequence, IteratorProtocol {
    var urls: BinaryArray
    var alts: BinaryArray

    var areParallel: Bool { alts.count == urls.count }

    package mutating func next() -> (url: UnsafeRawBufferPointer, alt: UnsafeRawBufferPointer?)? {
      urls.count > 0 ? (urls.nextText(), alts.nextOptionalText()) : nil
    }
  }

  package struct Variant {
    package let id: VariantID
    package let sku: UnsafeRawBufferPointer
    package let title: UnsafeRawBufferPointer
    /// JSON object.
    package let options: UnsafeRawBufferPointer
    package let prices: Prices
    package let taxClass: UnsafeRawBufferPointer
    package let requiresShipping: Bool
    package let weightGrams: Int32?
    package let barcode: UnsafeRawBufferPointer?
    package let availability: Availability
  }

  package struct Variants: Sequence, IteratorProtocol {
    var ids: BinaryArray
    var skus: BinaryArray
    var titles: BinaryArray
    var options: BinaryArray
    var taxClasses: BinaryArray
    var requiresShipping: BinaryArray
    var weights: BinaryArray
    var barcodes: BinaryArray
    /// One a variant: the first of the state's name.
    var letters: Slice<UnsafeRawBufferPointer>
    var prices: Prices

    var areParallel: Bool {
      let counts = (skus.count, titles.count, options.count, taxClasses.count)
      let more = (requiresShipping.count, weights.count, barcodes.count, prices.amounts.count)
      let count = ids.count
      return counts == (count, count, count, count) && more == (count, count, count, count * prices.currencies.count)
        && prices.compareAtAmounts.count == prices.amounts.count
    }

    package mutating func next() -> Variant? {
      guard ids.count > 0 else { return nil }
      let ownPrices = prices
      prices.skipVariant()
      return Variant(
        id: VariantID(ids.nextUUID()), sku: skus.nextText(), title: titles.nextText(), options: options.nextText(),
        prices: ownPrices, taxClass: taxClasses.nextText(), requiresShipping: requiresShipping.nextBool(),
        weightGrams: weights.nextInt32(), barcode: barcodes.nextOptionalText(),
        availability: Availability(letter: letters.popFirst() ?? 0))
    }
  }

  /// What a variant costs, in the order of the currencies; one that it is not sold in is left out.
  package struct Prices: Sequence, IteratorProtocol {
    var currencies: BinaryArray
    /// Variant by variant, one place for each currency; these begin with the variant's own.
    var amounts: BinaryArray
    var compareAtAmounts: BinaryArray

    package mutating func next() -> (amount: Int64, currency: UnsafeRawBufferPointer, compareAt: Int64?)? {
      while currencies.count > 0 {
        let currency = currencies.nextText()
        let (amount, compareAt) = (amounts.nextInt64(), compareAtAmounts.nextInt64())
        if let amount { return (amount, currency, compareAt) }
      }
      return nil
    }

    fileprivate mutating func skipVariant() {
      amounts.skip(currencies.count)
      compareAtAmounts.skip(currencies.count)
    }

    /// The lowest and highest amount of all variants in the currency at `place`; nil where none is sold in it.
    func range(inCurrencyAt place: Int) -> ClosedRange<Int64>? {
      guard place < currencies.count else { return nil }
      var amounts = amounts
      var (least, most) = (Int64.max, Int64.min)
      while amounts.count > 0 {
        amounts.skip(place)
        if let amount = amounts.nextInt64() {
          if amount < least { least = amount }
          if amount > most { most = amount }
        }
        amounts.skip(currencies.count - place - 1)
      }
      return least <= most ? least...most : nil
    }
  }
}

extension Availability {
  /// The snapshot's letter: the first of the state's name. What is unknown cannot be bought.
  init(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "i"): self = .inStock
    case UInt8(ascii: "l"): self = .low
    case UInt8(ascii: "b"): self = .backorder
    default: self = .out
    }
  }
}
